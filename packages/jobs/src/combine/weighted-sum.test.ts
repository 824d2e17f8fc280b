import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { denseUpdate, kohyaFile } from "../adapters.test-helper.ts";
import { verify } from "../verify/verify.ts";
import type { CombineJobOptions } from "./combine.ts";
import { A, combined, FIRST, SECOND, updates } from "./combine.test-helper.ts";

describe("the weighted sum", () => {
  const whole = { cat: {}, linear: {}, svd: { rank: 30 } };

  test.each(Object.entries(whole))(
    "%s is Σ wᵢ·ΔWᵢ, whatever the ranks, kinds and modules",
    async (method, limits) => {
      const { file, report } = await combined(
        [
          [FIRST, 0.7],
          [SECOND, -0.4],
        ],
        { method, ...limits },
      );
      const [found, one, two] = [await updates(file), await updates(FIRST), await updates(SECOND)];
      expect(Object.keys(found)).toEqual(["lora_unet_a", "lora_unet_b", "lora_unet_c", "lora_unet_z"]);
      for (const [name, values] of Object.entries(found)) {
        const expected = values.map((_, i) => 0.7 * (one[name]?.[i] ?? 0) - 0.4 * (two[name]?.[i] ?? 0));
        const difference = Math.hypot(...values.map((value, i) => value - expected[i]!));
        expect(difference).toBeLessThan(1e-6 * Math.hypot(...expected));
      }
      expect(report.relativeErrorFrobenius).toBeLessThan(1e-6);
      expect(report.distanceFromSum).toBeLessThan(1e-6);
    },
  );

  test("cat adds ranks up, linear takes the least, svd the largest", async () => {
    const ranks = async (options: Partial<CombineJobOptions>): Promise<number[]> =>
      (
        await combined(
          [
            [FIRST, 1],
            [FIRST, 1],
            [SECOND, 1],
          ],
          options,
        )
      ).report.modules.map(({ rankAfter }) => rankAfter);
    expect(await ranks({ method: "cat" })).toEqual([14, 4, 8, 1]);
    expect(await ranks({ method: "linear" })).toEqual([8, 2, 5, 1]);
    expect(await ranks({ method: "svd" })).toEqual([6, 2, 3, 1]);
    expect(await ranks({ method: "svd", rank: 2 })).toEqual([2, 2, 2, 1]);
  });

  test("with an error the least rank that meets it is written, and what is reported is what is there", async () => {
    const { file, report } = await combined(
      [
        [FIRST, 1],
        [SECOND, 0.5],
      ],
      { method: "svd", error: 0.2 },
    );
    const exact = await combined([
      [FIRST, 1],
      [SECOND, 0.5],
    ]);
    const { modules } = await verify(exact.file, file, { tolerance: 1 });
    modules.forEach(({ relativeErrorFrobenius }, index) => {
      expect(relativeErrorFrobenius).toBeLessThan(0.2);
      expect(report.modules[index]!.relativeErrorFrobenius).toBeCloseTo(relativeErrorFrobenius!, 6);
    });
    expect(report.output.rank.total).toBeLessThan(exact.report.output.rank.total);
  });

  test("in f16 the rounding is part of the error", async () => {
    const { report } = await combined(
      [
        [FIRST, 1],
        [SECOND, 1],
      ],
      { dtype: "f16" },
    );
    expect(report.relativeErrorFrobenius).toBeGreaterThan(1e-5);
    expect(report.relativeErrorFrobenius).toBeLessThan(2 ** -10);
  });
});

test("Σ wᵢ·ΔWᵢ is kept by every rank and sign", async () => {
  const size = fc.integer({ min: 1, max: 6 });
  const weight = fc.double({ min: -2, max: 2, noNaN: true }).filter((value) => Math.abs(value) > 0.01);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ rank: size, weight }), { minLength: 1, maxLength: 3 }),
      async (list) => {
        const files = list.map(({ rank }) => kohyaFile({ lora_unet_a: { ...A, rank } }));
        const { file } = await combined(files.map((each, i) => [each, list[i]!.weight] as const));
        const found = (await updates(file))["lora_unet_a"] ?? new Array<number>(80).fill(0);
        const dense = list.map(({ rank }) => denseUpdate({ ...A, rank }, 1).data);
        const expected = found.map((_, i) =>
          list.reduce((sum, one, j) => sum + one.weight * dense[j]![i]!, 0),
        );
        const scale = list.reduce((sum, one, j) => sum + Math.abs(one.weight) * Math.hypot(...dense[j]!), 0);
        expect(Math.hypot(...found.map((value, i) => value - expected[i]!))).toBeLessThan(1e-6 * scale);
      },
    ),
    { numRuns: 20, seed: 4 },
  );
});

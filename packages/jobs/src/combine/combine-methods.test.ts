import { combineMethods, PEFT_COMBINATIONS, readAdapter } from "@lora/peft";
import { describe, expect, test } from "vitest";
import { kohyaFile } from "../adapters.test-helper.ts";
import { verify } from "../verify/verify.ts";
import { A, B, combined, FIRST, SECOND, updates } from "./combine.test-helper.ts";

describe("every method", () => {
  const methods = combineMethods.map(({ id }) => id);

  test.each(methods)("%s of one adapter at weight 1 is itself, and weight 0 is absence", async (method) => {
    const alone = await combined([[FIRST, 1]], { method });
    expect(await verify(FIRST, alone.file, { tolerance: 1e-6 })).toMatchObject({
      passed: true,
      onlyInA: [],
      onlyInB: [],
    });
    const absent = await combined(
      [
        [SECOND, 0],
        [FIRST, 1],
      ],
      { method },
    );
    expect(await updates(absent.file)).toEqual(await updates(alone.file));
  });

  test.each(methods)("%s: weights where only one adapter speaks are factors of it", async (method) => {
    const { file } = await combined(
      [
        [FIRST, 0.5],
        [SECOND, 2],
      ],
      { method },
    );
    const [found, one] = [await updates(file), await updates(FIRST)];
    found["lora_unet_b"]!.forEach((value, i) => expect(value).toBeCloseTo(0.5 * one["lora_unet_b"]![i]!, 5));
  });

  test.each(methods)("%s gives the same bytes for the same seed", async (method) => {
    const bytes = async (): Promise<Uint8Array[]> => {
      const { file } = await combined(
        [
          [FIRST, 0.5],
          [SECOND, 2],
        ],
        { method, seed: 3 },
      );
      return Promise.all([...file.tensors.values()].map((tensor) => tensor.bytes()));
    };
    expect(await bytes()).toEqual(await bytes());
  });
});

test("with the ranks for it, entries are merged exactly: the sum of what is trimmed", async () => {
  const { report, file } = await combined(
    [
      [FIRST, 1],
      [SECOND, 1],
    ],
    { method: "magnitude_prune", density: 1, rank: 99 },
  );
  const sum = await combined([
    [FIRST, 1],
    [SECOND, 1],
  ]);
  // Rows are made in f32: an error of some ulps of each term.
  expect((await verify(sum.file, file, { tolerance: 1e-5 })).passed).toBe(true);
  expect(report.distanceFromSum).toBeLessThan(1e-5);
});

test("how far a method goes from the sum is told apart from what truncation costs", async () => {
  const { report } = await combined(
    [
      [FIRST, 1],
      [SECOND, 1],
    ],
    { method: "ties", density: 0.3 },
  );
  expect(report.distanceFromSum).toBeGreaterThan(report.relativeErrorFrobenius!);
  const whole = await combined(
    [
      [FIRST, 1],
      [SECOND, 1],
    ],
    { method: "ties", density: 0.3, error: 0.05 },
  );
  expect(whole.report.relativeErrorFrobenius).toBeLessThan(0.05);
});

describe("as PEFT does it", () => {
  const even = kohyaFile({ lora_unet_a: { ...A, alpha: 1 } });

  test.each(Object.keys(PEFT_COMBINATIONS))("%s goes through, at a scale of 1", async (method) => {
    const prunes = !["cat", "linear", "svd"].includes(method);
    const options = { method, compat: "peft", density: prunes ? 0.5 : undefined } as const;
    const { file, report } = await combined(
      [
        [even, 1],
        [even, -0.5],
      ],
      options,
    );
    expect((await readAdapter(file)).modules.map(({ scale, rank }) => [scale, rank])).toEqual([
      [1, method === "cat" ? 8 : 4],
    ]);
    expect(report.method.compat).toBe("peft");
  });

  test("one adapter alone is linear, whatever is asked for", async () => {
    const { file, report } = await combined([[even, 0.5]], { method: "svd", rank: 2, compat: "peft" });
    expect(report.method.id).toBe("linear");
    const half = (await combined([[even, 0.5]])).file;
    expect(await verify(half, file, { tolerance: 1e-6 })).toMatchObject({ passed: true });
  });

  test("factors merged apart are no sum, and that is said", async () => {
    const other = kohyaFile({ lora_unet_b: B, lora_unet_a: { ...A, alpha: 1 } });
    const { report } = await combined(
      [
        [even, 1],
        [other, 1],
      ],
      { method: "linear", compat: "peft" },
    );
    expect(report.distanceFromSum).toBeGreaterThan(0.1);
    expect(report.warnings).toContainEqual(expect.stringContaining("cross terms"));
    const exact = await combined(
      [
        [even, 1],
        [other, 1],
      ],
      { method: "svd", rank: 8, compat: "peft" },
    );
    expect(exact.report.distanceFromSum).toBeLessThan(1e-6);
  });
});

import { describe, expect, test } from "vitest";
import { type Float64Matrix, randomMatrix, toFloat64 } from "@lora/linalg";
import { failure } from "../files.test-helper.ts";
import { listed, relativeDifference } from "../golden.test-helper.ts";
import { bindInitialiser } from "../init/_bind.ts";
import { seededDraws } from "../init/_draws.ts";
import type { ActivationBatch } from "./activation-source.ts";
import { drawsBySize } from "./draws-by-size.test-helper.ts";
import { evaDirections } from "./eva-directions.ts";
import golden from "./eva.golden.json" with { type: "json" };

// Made by tooling/goldens/init.py: PEFT 0.21 in float64.
const modules = ["q", "k", "o"].map((name) => ({ name, rank: golden.rank }));

describe.each(golden.cases)(
  "eva with rho $rho, whiten $whiten",
  ({ inputs, draws, rho, whiten, ...expected }) => {
    const batches = inputs.q.map((_, step): ActivationBatch => {
      const q = listed(inputs.q[step]!);
      return {
        inputs: new Map([
          ["q", q],
          ["k", listed(inputs.k[step]!)],
          ["o", listed(inputs.o[step]!)],
        ]),
      };
    });

    test("ranks, directions, alphas and targets are PEFT's", async () => {
      const fixed = draws.map((draw) => listed(draw));
      const found = await evaDirections(
        modules,
        { batches: () => batches },
        { rho, draws: () => drawsBySize(fixed) },
      );
      const kept = [...found].filter(([, { rank }]) => rank > 0);
      expect(kept.map(([name]) => name).sort()).toEqual(expected.targets);
      expect(
        Object.fromEntries(kept.filter(([, { rank }]) => rank !== 2).map(([name, { rank }]) => [name, rank])),
      ).toEqual(expected.rankPattern);
      expect(found.get("k")?.sharedWith).toBe("q");
      const layers: Readonly<Record<string, { down: (typeof draws)[0]; scale: number } | undefined>> =
        expected.layers;
      for (const [name, { rank, components }] of kept) {
        const wanted = layers[name]!;
        const width = components.directions.cols;
        const make = bindInitialiser("eva", { whiten }).make;
        const { down, up } = make({ out: 8, in: width, rank, scale: 1, components, draws: seededDraws(0) });
        // PEFT whitens in place, so that modules with shared inputs are divided once for each of them.
        const view = whiten && name !== "o" ? unitRows : (a: Float64Matrix): Float64Matrix => a;
        expect(relativeDifference(view(toFloat64(down)), view(listed(wanted.down)))).toBeLessThan(1e-9);
        expect(up.data.every((value) => value === 0)).toBe(true);
        expect((golden.alpha * rank) / golden.rank / rank).toBeCloseTo(wanted.scale, 14);
      }
    });
  },
);

function unitRows({ rows, cols, data }: Float64Matrix): Float64Matrix {
  const lengths = Array.from({ length: rows }, (_, i) =>
    Math.hypot(...data.subarray(i * cols, (i + 1) * cols)),
  );
  return { rows, cols, data: data.map((value, i) => value / lengths[Math.floor(i / cols)]!) };
}

test("whitening divides each direction by the root of its singular value, shared inputs or not", async () => {
  const inputs = randomMatrix(30, 6, 2);
  const batch = {
    inputs: new Map([
      ["q", inputs],
      ["k", inputs],
    ]),
  };
  const found = await evaDirections(
    [
      { name: "q", rank: 2 },
      { name: "k", rank: 2 },
    ],
    { batches: () => [batch] },
  );
  for (const { rank, components } of found.values()) {
    const module = { out: 3, in: 6, rank, scale: 1, components, draws: seededDraws(0) };
    const { down } = bindInitialiser("eva", { whiten: true }).make(module);
    for (let i = 0; i < rank; i++) {
      const length = Math.hypot(...down.data.subarray(i * 6, (i + 1) * 6));
      expect(length).toBeCloseTo(1 / Math.sqrt(components.singularValues[i]!), 12);
    }
  }
});

const plain = (rows: number): ActivationBatch => ({
  inputs: new Map([["q", randomMatrix(rows, 6, 1)]]),
});

test.each([
  ["no batch", [], {}, "there is no batch among the activations", "MISSING"],
  ["too few tokens", [plain(3)], {}, "no batch has the 4 tokens that the components of q take", "SHAPE"],
  [
    "unsettled",
    [plain(9)],
    { mostPasses: 1 },
    "the directions of q do not settle within 1 passes",
    "NUMERIC",
  ],
  ["rho", [plain(9)], { rho: 0.5 }, "rho must be at least 1, it is 0.5", "USAGE"],
  ["tau", [plain(9)], { tau: 2 }, "tau must be from 0 to 1, it is 2", "USAGE"],
])("what cannot be followed is refused: %s", async (_, batches, options, message, code) => {
  const error = await failure(() =>
    evaDirections([{ name: "q", rank: 2 }], { batches: () => batches }, options),
  );
  expect([error.code, error.message]).toEqual([code, message]);
});

test("batches too small for a module are passed over", async () => {
  const batches = [plain(3), plain(9), plain(9)];
  const found = await evaDirections([{ name: "q", rank: 2 }], { batches: () => batches });
  expect(found.get("q")?.rank).toBe(2);
});

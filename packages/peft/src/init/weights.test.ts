import { multiply, randomMatrix } from "@lora/linalg";
import { describe, expect, test } from "vitest";
import { type Listed, listed, relativeDifference } from "../golden.test-helper.ts";
import { bindInitialiser } from "./_bind.ts";
import { recordedDraws } from "./_draws.ts";
import { withoutUpdate } from "./_residual.ts";
import golden from "./weights.golden.json" with { type: "json" };

// Made by tooling/goldens/init.py: PEFT 0.21 in float64, printed to twelve digits.
const TOLERANCE = 1e-9;

describe.each(golden.cases.map((one, index) => ({ ...one, index })))(
  "$method of a weight $weight.rows × $weight.cols (case $index, Conv1D: $conv1d)",
  ({ method, weight: listedWeight, rank, scale, draws, down, up, kept }) => {
    const weight = listed(listedWeight);
    const made = bindInitialiser(method).make({
      out: weight.rows,
      in: weight.cols,
      rank,
      scale,
      weight,
      draws: recordedDraws(draws.map((draw) => listed(draw as Listed))),
    });
    const expected = { down: listed(down), up: listed(up) };

    test.runIf(method === "mica")("up spans the same minor directions as PEFT's, and down is zero", () => {
      const projector = (a: typeof made.up): ReturnType<typeof multiply> => multiply(a, a, { transB: true });
      expect(relativeDifference(projector(made.up), projector(expected.up))).toBeLessThan(TOLERANCE);
      expect(made.down.data.every((value) => value === 0)).toBe(true);
    });

    test.runIf(method === "orthogonal" || method === "olora")("the factors are PEFT's, signs included", () => {
      expect(relativeDifference(made.up, expected.up)).toBeLessThan(TOLERANCE);
      expect(relativeDifference(made.down, expected.down)).toBeLessThan(TOLERANCE);
    });

    test.runIf(method === "orthogonal")("their product is zero", () => {
      const largest = Math.max(...multiply(made.up, made.down).data.map(Math.abs));
      expect(largest).toBeLessThan(100 * rank * Number.EPSILON);
    });

    test.runIf(method.startsWith("pissa") || method === "olora")("product and remaining weight are PEFT's", () => {
      const product = multiply(made.up, made.down);
      expect(relativeDifference(product, multiply(expected.up, expected.down))).toBeLessThan(TOLERANCE);
      expect(relativeDifference(withoutUpdate(weight, made, { scale }), listed(kept))).toBeLessThan(TOLERANCE);
    });

    test.runIf(method.startsWith("pissa"))("the factors share the singular values evenly", () => {
      const gram = multiply(made.up, made.up, { transA: true });
      const other = multiply(made.down, made.down, { transB: true });
      expect(relativeDifference(gram, other)).toBeLessThan(TOLERANCE);
      expect(relativeDifference(gram, multiply(expected.up, expected.up, { transA: true }))).toBeLessThan(TOLERANCE);
    });
  },
);

test("a weight in f32 is multiplied in f32: the factors differ by its rounding", () => {
  const weight = randomMatrix(24, 40, 3);
  const narrow = { ...weight, data: Float32Array.from(weight.data) };
  const module = { out: 24, in: 40, rank: 5, scale: 1 };
  const make = (given: typeof weight | typeof narrow): ReturnType<typeof multiply> => {
    const draws = recordedDraws([randomMatrix(24, 5, 4)]);
    const { up, down } = bindInitialiser("pissa_niter_2").make({ ...module, weight: given, draws });
    return multiply(up, down);
  };
  expect(relativeDifference(make(narrow), make(weight))).toBeLessThan(1e-4);
});

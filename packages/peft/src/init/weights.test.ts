import { type Matrix, maxAbs, multiply, randomMatrix } from "@lora/linalg";
import { expect, test } from "vitest";
import { type Listed, listed, relativeDifference } from "../golden.test-helper.ts";
import { bindInitialiser } from "./_bind.ts";
import { type InitDraws, recordedDraws } from "./_draws.ts";
import type { InitFactors } from "./_initialiser.ts";
import { withoutUpdate } from "./_residual.ts";
import golden from "./weights.golden.json" with { type: "json" };

// Made by tooling/goldens/init.py: PEFT 0.21 in float64, printed to twelve digits.
const TOLERANCE = 1e-9;

interface Made {
  readonly weight: Matrix;
  readonly scale: number;
  readonly rank: number;
  readonly made: InitFactors;
  readonly expected: InitFactors;
  readonly kept: Matrix;
}

/** Cases whose method begins so, with what is made of them. */
function cases(...methods: readonly string[]): [title: string, made: () => Made][] {
  return golden.cases
    .filter(({ method }) => methods.some((start) => method.startsWith(start)))
    .map((one, index) => {
      const { method, conv1d, rank, scale, draws, down, up, kept } = one;
      const weight = listed(one.weight);
      const title = `${method} of ${weight.rows} × ${weight.cols}${conv1d ? ", Conv1D" : ""} (${index})`;
      const recorded = (): InitDraws => recordedDraws(draws.map((draw) => listed(draw as Listed)));
      const module = { out: weight.rows, in: weight.cols, rank, scale, weight };
      return [
        title,
        () => ({
          weight,
          rank,
          scale,
          expected: { down: listed(down), up: listed(up) },
          kept: listed(kept),
          made: bindInitialiser(method).make({ ...module, draws: recorded() }),
        }),
      ];
    });
}

test.each(cases("mica"))("up spans PEFT's minor directions, and down is zero: %s", (_, make) => {
  const { made, expected } = make();
  const projector = (a: Matrix): Matrix => multiply(a, a, { transB: true });
  expect(relativeDifference(projector(made.up), projector(expected.up))).toBeLessThan(TOLERANCE);
  expect(made.down.data.every((value) => value === 0)).toBe(true);
});

test.each(cases("orthogonal", "olora"))("the factors are PEFT's, signs included: %s", (_, make) => {
  const { made, expected } = make();
  expect(relativeDifference(made.up, expected.up)).toBeLessThan(TOLERANCE);
  expect(relativeDifference(made.down, expected.down)).toBeLessThan(TOLERANCE);
});

test.each(cases("orthogonal"))("the product is zero: %s", (_, make) => {
  const { made, rank } = make();
  expect(maxAbs(multiply(made.up, made.down))).toBeLessThan(100 * rank * Number.EPSILON);
});

test.each(cases("pissa", "olora"))("product and remaining weight are PEFT's: %s", (_, make) => {
  const { made, expected, weight, scale, kept } = make();
  const product = multiply(made.up, made.down);
  expect(relativeDifference(product, multiply(expected.up, expected.down))).toBeLessThan(TOLERANCE);
  expect(relativeDifference(withoutUpdate(weight, made, { scale }), kept)).toBeLessThan(TOLERANCE);
});

test.each(cases("pissa"))("the factors share the singular values evenly, as PEFT's do: %s", (_, make) => {
  const { made, expected } = make();
  const gram = (up: Matrix): Matrix => multiply(up, up, { transA: true });
  expect(relativeDifference(gram(made.up), multiply(made.down, made.down, { transB: true }))).toBeLessThan(
    TOLERANCE,
  );
  expect(relativeDifference(gram(made.up), gram(expected.up))).toBeLessThan(TOLERANCE);
});

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

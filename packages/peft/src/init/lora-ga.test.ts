import { expect, test } from "vitest";
import type { Matrix } from "@lora/linalg";
import { type Listed, listed, relativeDifference } from "../golden.test-helper.ts";
import { bindInitialiser } from "./_bind.ts";
import { recordedDraws } from "./_draws.ts";
import { withoutUpdate } from "./_residual.ts";
import golden from "./lora-ga.golden.json" with { type: "json" };

// Made by tooling/goldens/init.py: PEFT 0.21 in float64. Signs of singular vectors are anybody's choice.
const TOLERANCE = 1e-8;

test.each(golden.cases)(
  "lora_ga $direction, $scale: the factors and the remaining weight are PEFT's",
  (one) => {
    const weight = listed(golden.weight);
    const { rank, scale } = golden;
    const made = bindInitialiser("lora_ga", { direction: one.direction, scale: one.scale }).make({
      out: weight.rows,
      in: weight.cols,
      rank,
      scale,
      weight,
      gradient: listed(golden.gradient),
      draws: recordedDraws(one.draws.map((draw) => (Array.isArray(draw) ? draw : listed(draw as Listed)))),
    });
    expect(relativeDifference(magnitudes(made.down), magnitudes(listed(one.down)))).toBeLessThan(TOLERANCE);
    expect(relativeDifference(magnitudes(made.up), magnitudes(listed(one.up)))).toBeLessThan(TOLERANCE);
    // A and B of different triples have signs of their own, which only the direction `random` cancels: PEFT's are taken.
    const [up, down] = [
      withSigns(made.up, listed(one.up), "column"),
      withSigns(made.down, listed(one.down), "row"),
    ];
    const signed = one.direction === "random" ? made : { ...made, up, down };
    expect(relativeDifference(withoutUpdate(weight, signed, { scale }), listed(one.kept))).toBeLessThan(
      TOLERANCE,
    );
  },
);

/** The same with each row or column turned to where that of the other points. */
function withSigns(a: Matrix, other: Matrix, axis: "row" | "column"): Matrix {
  const lineOf = (at: number): number => (axis === "row" ? Math.floor(at / a.cols) : at % a.cols);
  const products = new Float64Array(axis === "row" ? a.rows : a.cols);
  a.data.forEach((value, at) => (products[lineOf(at)]! += value * other.data[at]!));
  return { ...a, data: Float64Array.from(a.data, (value, at) => value * Math.sign(products[lineOf(at)]!)) };
}

function magnitudes(a: Matrix): Matrix {
  return { ...a, data: Float64Array.from(a.data, Math.abs) };
}

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
    // A and B of different triples have signs of their own, which only the direction `random` cancels.
    if (one.direction !== "random") return;
    expect(relativeDifference(withoutUpdate(weight, made, { scale }), listed(one.kept))).toBeLessThan(
      TOLERANCE,
    );
  },
);

function magnitudes(a: Matrix): Matrix {
  return { ...a, data: Float64Array.from(a.data, Math.abs) };
}

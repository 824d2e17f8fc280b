import { multiply } from "@lora/linalg";
import { describe, expect, test } from "vitest";
import { listed, relativeDifference } from "../golden.test-helper.ts";
import { inputCovariances } from "../statistics/input-covariances.ts";
import { bindInitialiser } from "./_bind.ts";
import { seededDraws } from "./_draws.ts";
import { withoutUpdate } from "./_residual.ts";
import golden from "./corda.golden.json" with { type: "json" };

// Made by tooling/goldens/init.py: PEFT 0.21 in float64. The smallest triples of W·C̃ are brought back by an inverse
// whose condition number is up to 100·in, so that digits are lost there.
const TOLERANCE = 1e-8;

describe.each(golden.cases)("corda $method of $weight.rows × $weight.cols", (one) => {
  const weight = listed(one.weight);

  test("the covariance of three batches is PEFT's", async () => {
    const batches = one.batches.map((batch) => ({ inputs: new Map([["layer", listed(batch)]]) }));
    const covariances = await inputCovariances(["layer"], { batches: () => batches });
    expect(relativeDifference(covariances.get("layer")!, listed(one.covariance))).toBeLessThan(1e-11);
  });

  test("product and remaining weight are PEFT's", () => {
    const { rank, scale, method } = one;
    const made = bindInitialiser("corda", { method }).make({
      out: weight.rows,
      in: weight.cols,
      rank,
      scale,
      weight,
      covariance: listed(one.covariance),
      draws: seededDraws(0),
    });
    const expected = multiply(listed(one.up), listed(one.down));
    expect(relativeDifference(multiply(made.up, made.down), expected)).toBeLessThan(TOLERANCE);
    expect(relativeDifference(withoutUpdate(weight, made, { scale }), listed(one.kept))).toBeLessThan(
      TOLERANCE,
    );
  });
});

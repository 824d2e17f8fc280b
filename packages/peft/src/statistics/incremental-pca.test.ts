import { expect, test } from "vitest";
import { failure } from "../files.test-helper.ts";
import { type Listed, listed, relativeDifference } from "../golden.test-helper.ts";
import { recordedDraws } from "../init/_draws.ts";
import { addToPca, type PcaState } from "./incremental-pca.ts";
import golden from "./pca.golden.json" with { type: "json" };

// Made by tooling/goldens/init.py: PEFT 0.21 in float64.
test.each(golden.cases.map((one, index) => ({ ...one, name: index === 0 ? "whole" : "randomised" })))(
  "components, singular values and ratios after each of four batches are PEFT's: $name SVD",
  ({ draws, steps }) => {
    let state: PcaState | undefined;
    const recorded =
      draws.length === 0 ? undefined : recordedDraws(draws.map((draw) => listed(draw as Listed)));
    golden.batches.forEach((batch, step) => {
      state = addToPca(state, listed(batch), { components: 3, draws: recorded });
      const expected = steps[step]!;
      expect(relativeDifference(state.directions, listed(expected.directions))).toBeLessThan(1e-9);
      const row = (data: ArrayLike<number>): Listed => ({ rows: 1, cols: 3, data: Array.from(data) });
      expect(
        relativeDifference(listed(row(state.singularValues)), listed(row(expected.singularValues))),
      ).toBeLessThan(1e-10);
      expect(
        relativeDifference(
          listed(row(state.explainedVarianceRatio)),
          listed(row(expected.explainedVarianceRatio)),
        ),
      ).toBeLessThan(1e-10);
    });
  },
);

test("a batch with fewer samples or other columns is refused with the sizes", async () => {
  const batch = { rows: 2, cols: 4, data: new Float64Array(8) };
  const error = await failure(() => addToPca(undefined, batch, { components: 3 }));
  expect([error.code, error.message]).toEqual([
    "SHAPE",
    "3 components cannot be followed in a batch of 2 × 4",
  ]);
});

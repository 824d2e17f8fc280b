import { multiply, randomMatrix, zeros } from "@lora/linalg";
import type { LoraErrorCode } from "@lora/tensor";
import { expect, test } from "vitest";
import { failure } from "../files.test-helper.ts";
import { listed, relativeDifference } from "../golden.test-helper.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import { type KeptPart, loraOfUpdate } from "./lora-of-update.ts";
import golden from "./convert.golden.json" with { type: "json" };

// Made by tooling/goldens/init.py: PEFT 0.21 in float64.
test.each(golden.converted)(
  "the nearest LoRA at $kept is PEFT's: rank $rank",
  ({ kept, whole, rank, alpha, product }) => {
    const update = new LowRankDelta(listed(golden.up), listed(golden.down), { scale: golden.scale });
    const made = loraOfUpdate(update, whole ? { rank: kept } : { energy: kept });
    expect(made.rank).toBe(rank);
    expect(alpha).toBe(rank); // the scale is in the factors
    expect([made.up.cols, made.down.rows]).toEqual([rank, rank]);
    expect(relativeDifference(multiply(made.up, made.down), listed(product))).toBeLessThan(1e-10);
  },
);

test("an update of zeros is one zero pair", () => {
  const made = loraOfUpdate(new LowRankDelta(zeros(4, 2), randomMatrix(2, 5, 1)), { energy: 0.9 });
  expect(made.rank).toBe(1);
  expect(multiply(made.up, made.down).data.every((value) => value === 0)).toBe(true);
});

test.each<[KeptPart, string, LoraErrorCode]>([
  [{}, "a conversion takes either a rank or a share of the energy", "USAGE"],
  [{ rank: 1, energy: 0.5 }, "a conversion takes either a rank or a share of the energy", "USAGE"],
  [{ rank: 0 }, "rank must be a whole number, at least 1, it is 0", "USAGE"],
  [{ energy: 1.5 }, "energy must be above 0 and at most 1, it is 1.5", "USAGE"],
  [{ rank: 7 }, "rank 7 is above 6, the smaller side of 6 × 9", "SHAPE"],
])("what cannot be kept is refused: %j", async (kept, message, code) => {
  const update = new LowRankDelta(listed(golden.up), listed(golden.down));
  const error = await failure(() => loraOfUpdate(update, kept));
  expect([error.code, error.message]).toEqual([code, message]);
});

import { multiply, randomMatrix, scaled } from "@lora/linalg";
import { expect, test } from "vitest";
import { failure } from "../files.test-helper.ts";
import { listed, relativeDifference } from "../golden.test-helper.ts";
import { reduceIntruders } from "./reduce-intruders.ts";
import golden from "./convert.golden.json" with { type: "json" };

// Made by tooling/goldens/init.py: PEFT 0.21 in float64.
test.each(golden.reduced)("weakened intruders are PEFT's: top $topK below $threshold kept $keep", (one) => {
  const input = { weight: listed(one.weight), up: listed(one.up), down: listed(one.down), scale: one.scale };
  const made = reduceIntruders(input, { topK: one.topK, threshold: one.threshold, keep: one.keep });
  expect(made.intruders.length).toBeGreaterThan(0);
  expect(relativeDifference(multiply(made.up, made.down), listed(one.product))).toBeLessThan(1e-9);
});

test("without intruders the factors are the same objects", () => {
  const [weight, up, down] = [
    randomMatrix(6, 8, 1),
    scaled(randomMatrix(6, 2, 2), 1e-6),
    randomMatrix(2, 8, 3),
  ];
  const made = reduceIntruders({ weight, up, down, scale: 1 });
  expect(made.intruders).toEqual([]);
  expect(made.up).toBe(up);
  expect(made.down).toBe(down);
});

test("an update of another size is refused with both", async () => {
  const input = {
    weight: randomMatrix(6, 8, 1),
    up: randomMatrix(5, 2, 2),
    down: randomMatrix(2, 8, 3),
    scale: 1,
  };
  const error = await failure(() => reduceIntruders(input));
  const message = "an update of 5 × 8 does not change a weight of 6 × 8";
  expect([error.code, error.message]).toEqual(["SHAPE", message]);
});

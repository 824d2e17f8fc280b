import { type Matrix, multiply, productSvd, randomMatrix, thinQr, zeros } from "@lora/linalg";
import { baseWeight, type Metric, type MetricValue } from "@lora/metrics";
import { describe, expect, test } from "vitest";

/** What every metric must do: depend on the update and not on how it is factored, and have no NaN. */
export function testMetric(metric: Metric): void {
  const up = randomMatrix(24, 4, 1);
  const down = randomMatrix(4, 18, 2);
  const weight = randomMatrix(24, 18, 3);

  describe(`${metric.id} as a metric`, () => {
    if (metric.needs !== "stored") {
      test("it is the same for (up·q, qᵀ·down), q orthogonal", () => {
        const { q } = thinQr(randomMatrix(4, 4, 5));
        const turned = measure(metric, multiply(up, q), multiply(q, down, { transA: true }), weight);
        const plain = measure(metric, up, down, weight);
        numbers(turned).forEach((value, index) => {
          const expected = numbers(plain)[index];
          expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
        });
      });
    }

    test("a zero update has a value that is not NaN", () => {
      const value = measure(metric, zeros(24, 4), zeros(4, 18), weight);
      expect(numbers(value).some(Number.isNaN)).toBe(false);
    });
  });
}

function measure(metric: Metric, up: Matrix, down: Matrix, weight: Matrix): MetricValue {
  const stored = { up, down, scale: 1, alpha: undefined };
  return metric.compute({ update: { ...productSvd(up, down), stored }, base: baseWeight(weight) });
}

function numbers(value: MetricValue): number[] {
  if (typeof value === "number" || typeof value === "boolean") return [Number(value)];
  return value instanceof Float64Array ? [...value] : Object.values(value);
}

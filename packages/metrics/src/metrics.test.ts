import { productSvd } from "@lora/linalg";
import type { Matrix } from "@lora/linalg";
import { describe, expect, test } from "vitest";
import { baseWeight, metrics } from "./index.ts";
import type { MetricInput, MetricValue } from "./index.ts";
import golden from "./metrics.golden.json" with { type: "json" };

type Listed = (typeof golden.cases)[number]["up"];
type Expected = number | boolean | readonly number[] | Readonly<Record<string, number>>;

function matrix({ rows, cols, data }: Listed): Matrix {
  return { rows, cols, data: Float64Array.from(data) };
}

/** What a job hands to a metric: the SVD through the factors, the scale in σ. */
function inputOf(name: string): MetricInput {
  const found = golden.cases.find((each) => each.name === name)!;
  const [up, down] = [matrix(found.up), matrix(found.down)];
  const { u, s, v } = productSvd(up, down);
  const stored = { up, down, scale: found.scale, alpha: found.alpha };
  const base = baseWeight(matrix(found.base), { tolerance: 1e-12 });
  return { update: { u, s: s.map((value) => value * found.scale), v, stored }, base };
}

/** The numbers of a value in a fixed order. */
function numbersOf(value: MetricValue | Expected): number[] {
  if (typeof value === "object") return ArrayBuffer.isView(value) ? [...value] : Object.values(value);
  return [Number(value)];
}

// The worst case is a σ of 0.03·σ₁ whose vectors turn by 100·EPS·σ₁/gap; 1e-9 is 10⁴ times that.
describe.each(golden.cases.map((each) => [each.name, each.expected] as const))(
  "against dense float64: %s",
  (name, expected) => {
    test.each(Object.entries(expected))("%s", (id, wanted: Expected) => {
      const value = metrics.find((metric) => metric.id === id)!.compute(inputOf(name));
      const [found, numbers] = [numbersOf(value), numbersOf(wanted)];
      expect(found.length).toBe(numbers.length);
      numbers.forEach((number, index) => {
        expect(Math.abs(found[index] - number)).toBeLessThanOrEqual(1e-9 * Math.abs(number));
      });
    });
  },
);

test("every metric is among them", () => {
  const covered = new Set(golden.cases.flatMap(({ expected }) => Object.keys(expected)));
  expect(metrics.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
});

test("ids are the names of the exported constants and unique", () => {
  expect(new Set(metrics.map(({ id }) => id)).size).toBe(metrics.length);
  for (const { id, title } of metrics) {
    expect(id).toMatch(/^[a-z][a-zA-Z]+$/);
    expect(title).not.toBe("");
  }
});

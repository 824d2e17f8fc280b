import { dot, type Float64Matrix, type Matrix, multiply, randomMatrix, toFloat64 } from "@lora/linalg";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredFactors } from "../delta.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import { bindCombineMethod } from "./_bind.ts";
import { combineMethods } from "./_index.ts";
import { interference } from "./_interference.ts";
import { mergeEntries, type WeightedUpdate } from "./_merge-entries.ts";
import type { CombineOptions } from "./_method.ts";
import { stackedFactors } from "./_stacked.ts";

const [ROWS, COLS] = [9, 7];

function madeUpdate(seed: number, rank = 3): StoredFactors {
  return {
    up: randomMatrix(ROWS, rank, seed),
    down: randomMatrix(rank, COLS, seed + 1000),
    scale: 0.5 + (seed % 3),
  };
}

function dense({ up, down, scale }: StoredFactors): Float64Matrix {
  return multiply(up, down, { alpha: scale });
}

/** What a method makes, as a dense matrix. */
function combined(id: string, parts: readonly WeightedUpdate[], options: CombineOptions = {}): Float64Matrix {
  const { rule } = bindCombineMethod(id, options);
  if (rule.kind === "entries") return toFloat64(mergeEntries(rule, parts, { seed: 5, key: "m" }));
  const deltas = parts.map(({ update }) => new LowRankDelta(update.up, update.down, update));
  const weights = parts.map(({ weight }) => weight);
  const c = rule.coefficients(interference(deltas, weights).gram, weights);
  return dense(stackedFactors(parts.map(({ update }, i) => ({ update, weight: c[i]! }))));
}

/** ‖a − b‖ ≤ tolerance · ‖b‖ */
function expectNear(a: Matrix, b: Matrix, tolerance: number): void {
  const difference = { ...b, data: Float64Array.from(b.data, (value, i) => a.data[i]! - value) };
  expect(dot(difference, difference)).toBeLessThanOrEqual(tolerance ** 2 * dot(b, b));
}

const weight = fc.double({ min: 0.1, max: 2, noNaN: true }).chain((size) => fc.constantFrom(size, -size));
const parts = fc.array(fc.record({ seed: fc.nat(500), rank: fc.integer({ min: 1, max: 5 }), weight }), {
  minLength: 2,
  maxLength: 4,
});
const made = (list: readonly { seed: number; rank: number; weight: number }[]): WeightedUpdate[] =>
  list.map((one) => ({ update: madeUpdate(one.seed, one.rank), weight: one.weight }));

describe("properties", () => {
  test.each(["cat", "linear", "svd"])("%s is Σ wᵢ·ΔWᵢ across ranks and signs", (id) => {
    fc.assert(
      fc.property(parts, (list) => {
        const given = made(list);
        const sum = new Float64Array(ROWS * COLS);
        for (const { update, weight: w } of given)
          dense(update).data.forEach((value, i) => (sum[i]! += w * value));
        const result = combined(id, given);
        // Sums of at most 4·5 products of f64, against terms that may cancel.
        const size = given.reduce(
          (total, one) => total + Math.abs(one.weight) * Math.hypot(...dense(one.update).data),
          0,
        );
        result.data.forEach((value, i) => expect(Math.abs(value - sum[i]!)).toBeLessThan(1e-13 * size));
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  const orderFree = combineMethods.filter(({ id, most }) => most === undefined && !/^(dare|della)/.test(id));
  test.each(orderFree.map(({ id }) => id))("%s does not depend on the order of the adapters", (id) => {
    fc.assert(
      fc.property(parts, (list) => {
        const given = made(list);
        expectNear(combined(id, given.toReversed()), combined(id, given), 1e-5);
      }),
      { numRuns: 20, seed: 2 },
    );
  });

  const wholeIfKept = ["ties", "magnitude_prune", "dare_linear", "dare_ties", "della", "della_linear"];
  test.each([...wholeIfKept, "slerp", "karcher"])(
    "%s of twice the same adapter is that adapter, at the sum of the weights",
    (id) => {
      const update = madeUpdate(7);
      const both = [0.7, 0.3].map((w) => ({ update, weight: w }));
      const options = wholeIfKept.includes(id) ? { density: 1 } : {};
      expectNear(combined(id, both, options), dense(update), 1e-6);
    },
  );
});

describe("by hand", () => {
  const row = (...values: number[]): StoredFactors => ({
    up: { rows: 1, cols: 1, data: Float64Array.of(1) },
    down: { rows: 1, cols: values.length, data: Float64Array.from(values) },
    scale: 1,
  });
  const two = (a: number[], b: number[], weights = [0.5, 0.5]): WeightedUpdate[] =>
    [row(...a), row(...b)].map((update, i) => ({ update, weight: weights[i]! }));
  const close = (values: number[]): unknown => values.map((value) => expect.closeTo(value, 6) as unknown);

  test("ties: small entries go, the larger sum wins the sign, the others are left out of the mean", () => {
    const result = combined("ties", two([4, 1, -3, 0.5], [2, -5, 0.1, -6]), { density: 0.5 });
    // Left are [4, 0, −3, 0] and [0, −5, 0, −6]: each entry has one voter, whose mean is itself.
    expect([...result.data]).toEqual(close([4, -5, -3, -6]));
  });

  test("ties: a conflict goes to the larger sum, or to the majority", () => {
    const votes = [row(1), row(1), row(-3)].map((update) => ({ update, weight: 1 }));
    expect([...combined("ties", votes, { density: 1 }).data]).toEqual([-9]);
    expect([...combined("ties", votes, { density: 1, sign: "frequency" }).data]).toEqual([3]);
  });

  test("breadcrumbs: the smallest go, and the outlier", () => {
    const result = combined("breadcrumbs", two([100, 3, 2, 1], [1, 2, 3, -100]), {
      density: 0.5,
      outliers: 0.25,
    });
    expect([...result.data]).toEqual(close([0, 2.5, 2.5, 0]));
  });

  test("dare: what stays is divided by its chance, and the mean over many entries is the update", () => {
    const values = new Array<number>(4000).fill(1);
    const { data } = combined("dare_linear", two(values, values), { density: 0.25 });
    expect([...new Set(data)].sort((a, b) => a - b)).toEqual([0, 2, 4]);
    // The standard deviation of the mean is √(0.75 / 0.25 / 8000) = 0.02.
    expect(data.reduce((sum, value) => sum + value, 0) / 4000).toBeCloseTo(1, 0);
  });

  test("della: larger entries stay more often, and the expectation is the update", () => {
    const values = Array.from({ length: 4000 }, (_, i) => i + 1);
    const { data } = combined("della_linear", two(values, values), { density: 0.5, epsilon: 0.4 });
    const kept = (from: number): number =>
      data.subarray(from, from + 1000).filter((value) => value !== 0).length;
    expect(kept(3000)).toBeGreaterThan(2 * kept(0));
    const mean = data.reduce((sum, value, i) => sum + value / values[i]!, 0) / 4000;
    expect(Math.abs(mean - 1)).toBeLessThan(0.15);
  });

  test("slerp: a quarter of the way between orthogonal updates of one length", () => {
    const result = combined("slerp", two([1, 0], [0, 1], [0.75, 0.25]));
    expect([...result.data]).toEqual(close([Math.cos(Math.PI / 8), Math.sin(Math.PI / 8)]));
  });

  test("karcher: of three orthogonal updates of one length the middle, at that length", () => {
    const thirds = [row(2, 0, 0), row(0, 2, 0), row(0, 0, 2)].map((update) => ({ update, weight: 1 / 3 }));
    expect([...combined("karcher", thirds).data]).toEqual(close(new Array<number>(3).fill(2 / Math.sqrt(3))));
  });

  test("karcher of two is the same as slerp where lengths are equal", () => {
    const [a, b] = [
      [1, 0, 0],
      [0.6, 0.8, 0],
    ] as const;
    const pair = two([...a], [...b], [0.3, 0.7]);
    expect([...combined("karcher", pair).data]).toEqual(close([...combined("slerp", pair).data]));
  });

  test("interference: cosine, shared directions and what is left of each", () => {
    const deltas = [row(3, 4), row(4, -3)].map(({ up, down }) => new LowRankDelta(up, down));
    const opposed = new LowRankDelta(deltas[0]!.factors().up, deltas[0]!.factors().down, { scale: -0.5 });
    const { pairs, responses } = interference([...deltas, opposed], [1, 1, 1]);
    expect(
      pairs.map(({ i, j, cosine, inputOverlap, outputOverlap }) =>
        [i, j, cosine, inputOverlap, outputOverlap].map((v) => Math.round(v! * 1e9) / 1e9 + 0),
      ),
    ).toEqual([
      [0, 1, 0, 0, 1],
      [0, 2, -1, 1, 1],
      [1, 2, 0, 0, 1],
    ]);
    expect(responses).toEqual(close([0.5, 1, -1]));
  });
});

test.each([
  ["tiez", {}, "no method of combining is called tiez"],
  ["svd", { density: 0.5 }, "the method svd takes no density"],
  ["ties", { density: 0 }, "density must be above 0 and at most 1, and is 0"],
  [
    "della",
    { density: 0.9, epsilon: 0.2 },
    "epsilon must be at least 0, below 0.9 and at most 0.09999999999999998, and is 0.2",
  ],
  [
    "breadcrumbs",
    { density: 0.5, outliers: 0.6 },
    "outliers must be at least 0 and at most 0.5, what the density leaves, and is 0.6",
  ],
])("%s %o is refused", (id, options, message) => {
  expect(() => bindCombineMethod(id, options)).toThrow(message);
});

test("updates of different shapes are not merged", () => {
  const { rule } = bindCombineMethod("ties");
  const other = { ...madeUpdate(1), up: randomMatrix(ROWS + 1, 3, 1) };
  const given = [madeUpdate(1), other].map((update) => ({ update, weight: 1 }));
  if (rule.kind !== "entries") throw new Error("ties works entry by entry");
  expect(() => mergeEntries(rule, given)).toThrow("updates that are combined must have one shape");
});

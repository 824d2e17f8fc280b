import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  effectiveRank,
  energyCurve,
  energyRank,
  frobenius,
  metrics,
  nuclear,
  numericalRank,
  spectral,
  spectrum,
  stableRank,
  zeroModule,
} from "../index.ts";
import type { MetricInput, Update } from "../index.ts";

/** An update with these singular values along the first axes. */
function along(s: readonly number[], size = s.length): Update {
  const axes = new Float64Array(size * s.length);
  s.forEach((_, index) => (axes[index * s.length + index] = 1));
  const frame = { rows: size, cols: s.length, data: axes };
  return { u: frame, s: Float64Array.from(s), v: frame };
}

function input(s: readonly number[]): MetricInput {
  return { update: along(s) };
}

describe("hand-worked for σ = 4, 2, 2, 1", () => {
  // Σσ² = 25, Σσ = 9.
  const update = input([4, 2, 2, 1]);

  test.each([
    [spectral, 4],
    [frobenius, 5],
    [nuclear, 9],
    [stableRank, 25 / 16],
    [numericalRank, 4],
  ])("%o", (metric, expected) => {
    expect(metric.compute(update)).toBeCloseTo(expected, 14);
  });

  test("the energies", () => {
    [0.64, 0.8, 0.96, 1].forEach((share, index) => {
      expect(energyCurve.compute(update)[index]).toBeCloseTo(share, 14);
    });
    expect(energyRank.compute(update)).toEqual({ p90: 3, p99: 4 });
  });
});

test("equal pairs: stable and effective rank are the number of pairs", () => {
  expect(stableRank.compute(input([3, 3, 3]))).toBeCloseTo(3, 14);
  expect(effectiveRank.compute(input([3, 3, 3]))).toBeCloseTo(3, 14);
});

test("one pair: every rank is 1", () => {
  const one = input([7, 0]);
  const ranks = [stableRank, effectiveRank, numericalRank].map((metric) => metric.compute(one));
  expect(ranks).toEqual([1, 1, 1]);
  expect(energyRank.compute(one)).toEqual({ p90: 1, p99: 1 });
});

test("rounding noise is no numerical rank", () => {
  const wide = (s: readonly number[]): MetricInput => ({ update: along(s, 1000) });
  expect(numericalRank.compute(wide([1, 3e-13, 2e-13]))).toBe(2); // 1000 · 2⁻⁵² = 2.2e-13
});

test.each([
  ["no pairs", []],
  ["pairs of 0", [0, 0]],
])("a zero update (%s) has defined values", (_, s) => {
  const zero = input(s);
  const numbers = [spectral, frobenius, nuclear, stableRank, effectiveRank, numericalRank];
  expect(numbers.map((metric) => metric.compute(zero))).toEqual([0, 0, 0, 0, 0, 0]);
  expect(energyRank.compute(zero)).toEqual({ p90: 0, p99: 0 });
  expect([...energyCurve.compute(zero)]).toEqual(s);
  expect([...spectrum.compute(zero)]).toEqual(s);
  expect(zeroModule.compute(zero)).toBe(true);
});

const values = fc
  .array(fc.double({ min: 1e-150, max: 1e150, noNaN: true }), { minLength: 1, maxLength: 10 })
  .map((each) => each.sort((a, b) => b - a));

describe("for any spectrum", () => {
  const within = (value: number, least: number, most: number): boolean =>
    value >= least * (1 - 1e-12) && value <= most * (1 + 1e-12);

  test("1 ≤ stable rank ≤ effective-rank bound ≤ pairs", () => {
    fc.assert(
      fc.property(values, (s) => {
        const ranks = [stableRank, effectiveRank].map((metric) => metric.compute(input(s)));
        return ranks.every((rank) => within(rank, 1, s.length));
      }),
      { seed: 7 },
    );
  });

  test("spectral ≤ Frobenius ≤ nuclear ≤ √pairs · Frobenius", () => {
    fc.assert(
      fc.property(values, (s) => {
        const [one, two, sum] = [spectral, frobenius, nuclear].map((metric) => metric.compute(input(s)));
        return within(two, one, sum) && sum <= two * Math.sqrt(s.length) * (1 + 1e-12);
      }),
      { seed: 7 },
    );
  });

  test("the energy curve rises to 1", () => {
    fc.assert(
      fc.property(values, (s) => {
        const curve = energyCurve.compute(input(s));
        expect(curve.at(-1)).toBeCloseTo(1, 12);
        return curve.every((share, index) => index === 0 || share >= curve[index - 1]);
      }),
      { seed: 7 },
    );
  });
});

test("no metric of the update alone is ever NaN", () => {
  const own = metrics.filter(({ needs }) => needs === "update");
  fc.assert(
    fc.property(values, fc.nat(2), (s, zeros) => {
      const padded = input([...s, ...new Array<number>(zeros).fill(0)]);
      return own.every(
        (metric) => !JSON.stringify(Object.values(Object(metric.compute(padded)))).includes("null"),
      );
    }),
    { seed: 7 },
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bins } from "./bins.ts";
import { diverging, sequential } from "./colour.ts";
import { energyCurve } from "./energy-curve.ts";
import { inverted, linear, logarithmic } from "./linear.ts";
import { areaPath, linePath } from "./path.ts";
import { logTicks, ticks } from "./ticks.ts";

describe("a scale", () => {
  test("keeps steps", () => {
    const scale = linear([0, 10], [100, 0]);
    expect([0, 2.5, 10].map(scale)).toEqual([100, 75, 0]);
  });

  test("of one value lies in the middle", () => {
    expect(linear([3, 3], [0, 10])(3)).toBe(5);
  });

  test("of logarithms keeps ratios, and puts 0 where its smaller end is", () => {
    const scale = logarithmic([0.01, 1], [200, 0]);
    expect(scale(1)).toBe(0);
    expect(scale(0.1)).toBeCloseTo(100, 10);
    expect(scale(0)).toBe(200);
  });

  test("is undone by its inverse, which stays between the ends", () => {
    const number = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(number, fc.double({ min: 0, max: 1, noNaN: true }), (first, share) => {
        const span = [first, first + 7] as const;
        const value = first + 7 * share;
        expect(inverted(span, [20, 320])(linear(span, [20, 320])(value))).toBeCloseTo(value, 9);
      }),
      { seed: 2 },
    );
    expect([-5, 999].map(inverted([1, 8], [0, 70]))).toEqual([1, 8]);
  });
});

describe("ticks", () => {
  test.each([
    [0, 10, 5, [0, 2, 4, 6, 8, 10]],
    [0, 0.3, 3, [0, 0.1, 0.2, 0.3]],
    [-1, 1, 4, [-1, -0.5, 0, 0.5, 1]],
    [3, 3, 5, [3]],
  ])("from %d to %d are round numbers", (least, most, about, found) => {
    expect(ticks(least, most, about)).toEqual(found);
  });

  test("of a logarithmic axis are powers of ten, thinned where there are many", () => {
    expect(logTicks(0.01, 5, 9)).toEqual([0.01, 0.1, 1]);
    expect(logTicks(1e-6, 1, 4)).toEqual([1e-6, 1e-4, 0.01, 1]);
  });

  test("lie between the ends, in equal steps, and are not many more than asked", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        (least, width, about) => {
          const found = ticks(least, least + width, about);
          expect(found.length).toBeLessThanOrEqual(about + 1);
          for (const tick of found) {
            expect(tick).toBeGreaterThanOrEqual(least - 1e-6 * width - 1e-5);
            expect(tick).toBeLessThanOrEqual(least + width * (1 + 1e-6) + 1e-5);
          }
        },
      ),
      { seed: 4 },
    );
  });
});

describe("paths", () => {
  test("go through their points, to a tenth", () => {
    expect(
      linePath([
        [0, 1.26],
        [3, 4],
      ]),
    ).toBe("M0 1.3L3 4");
    expect(
      areaPath(
        [
          [0, 1],
          [3, 4],
        ],
        9,
      ),
    ).toBe("M0 1L3 4L3 9L0 9Z");
  });

  test("of nothing are empty", () => {
    expect([linePath([]), areaPath([], 5)]).toEqual(["", ""]);
  });
});

describe("bins", () => {
  test("are equally wide, and the last holds the largest", () => {
    expect(bins([0, 1, 1, 4], 2)).toEqual([
      { from: 0, to: 2, count: 3 },
      { from: 2, to: 4, count: 1 },
    ]);
  });

  test("of equal values are one, of none are none", () => {
    expect(bins([2, 2], 5)).toEqual([{ from: 2, to: 2, count: 2 }]);
    expect(bins([], 5)).toEqual([]);
  });

  test("lose no value", () => {
    const values = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 9 }), (given, count) => {
        expect(bins(given, count).reduce((sum, bin) => sum + bin.count, 0)).toBe(given.length);
      }),
      { seed: 6 },
    );
  });
});

test("the energy curve is hand-worked, and 0 for zeros", () => {
  expect(energyCurve([4, 2, 2, 1])).toEqual([16 / 25, 20 / 25, 24 / 25, 1]);
  expect(energyCurve([0, 0])).toEqual([0, 0]);
});

test("colours are mixed between ends that the theme gives", () => {
  expect(sequential(0.25)).toBe("color-mix(in oklab, var(--scale-much) 25%, var(--scale-none))");
  expect(sequential(7)).toContain(" 100%");
  expect(diverging(-0.5)).toBe("color-mix(in oklab, var(--scale-against) 50%, var(--scale-none))");
});

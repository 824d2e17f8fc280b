import { describe, expect, test } from "vitest";
import { minus, withValues } from "./checks.test-helper.ts";
import { identity, zeros } from "./create.ts";
import { engines } from "./engines.test-helper.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { randomMatrix } from "./random-matrix.ts";
import { singleBasis } from "./single-basis.ts";

function single(a: Matrix): Matrix {
  return { ...a, data: Float32Array.from(a.data) };
}

describe.each(engines)("in %s", (_, engine) => {
  test.each([
    ["well conditioned columns", randomMatrix(90, 12, 1)],
    [
      "columns of very different lengths",
      withValues(
        [90, 12],
        Array.from({ length: 12 }, (_unused, i) => 4 ** -i),
        2,
      ),
    ],
    [
      "nearly dependent columns",
      withValues(
        [90, 12],
        Array.from({ length: 12 }, (_unused, i) => 10 ** (-i / 2)),
        3,
      ),
    ],
    ["one column", randomMatrix(7, 1, 4)],
  ])("a basis of the span, orthonormal to the rounding of f32: %s", (_title, exact) => {
    const y = single(exact);
    const q = singleBasis(y, { engine });
    expect(q.data).toBeInstanceOf(Float32Array);
    const rounding = Math.sqrt(y.rows) * y.cols * 2 ** -24;
    expect(maxAbs(minus(multiply(q, q, { transA: true }), identity(y.cols)))).toBeLessThan(rounding);
    const rest = minus(y, multiply(q, multiply(q, y, { transA: true })));
    expect(maxAbs(rest)).toBeLessThan(rounding * maxAbs(y) * Math.sqrt(y.rows));
  });

  test("dependent columns, zeros and wide matrices have a basis too", () => {
    const column = randomMatrix(20, 1, 5);
    for (const y of [multiply(column, randomMatrix(1, 3, 6)), zeros(20, 3), randomMatrix(3, 8, 7)]) {
      const q = singleBasis(single(y), { engine });
      const size = Math.min(y.rows, y.cols);
      expect([q.rows, q.cols]).toEqual([y.rows, size]);
      expect(maxAbs(minus(multiply(q, q, { transA: true }), identity(size)))).toBeLessThan(20 * 2 ** -24);
    }
  });
});

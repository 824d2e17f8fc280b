import { encode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { transpose } from "./arrange.ts";
import { minus } from "./checks.test-helper.ts";
import { engines } from "./engines.test-helper.ts";
import { GRAM_RUN, gramOfRuns } from "./gram-run.ts";
import { gram } from "./gram.ts";
import { matrixMap } from "./matrix-map.ts";
import { strided, transposed } from "./ops/strided.ts";
import { randomMatrix } from "./random-matrix.ts";
import { spectralNorm } from "./spectral-norm.ts";
import { storedMatrix, type StoredType } from "./stored-matrix.ts";
import { wideMatrix } from "./wide-matrix.ts";

const cases = engines.flatMap(([id, engine]) =>
  (["columns", "rows"] as const).map((of) => ({ id, engine, of })),
);

// Around the blocks of 4 × 8 and 4 × 2, the runs of 32 products and of 32 vectors, and what is in memory at a time.
describe.each(cases)("$of in $id", ({ engine, of }) => {
  test.each([
    [3, 2],
    [64, 8],
    [70, 13],
    [131, 20],
    [400, 30],
    [1028, 128],
  ])("products of %i × %i are within the rounding of runs, symmetric to the bit", (m, n) => {
    for (const dtype of ["f32", "f16", "bf16"] as const) {
      const x = stored(of === "columns" ? [m, n] : [n, m], dtype);
      const g = engine.gram(of === "columns" ? strided(x) : transposed(strided(x)), { inRuns: true });
      const wide = wideMatrix(x);
      const exact = gram(wide, { of });
      const sizes = gram({ ...wide, data: wide.data.map(Math.abs) }, { of });
      const off = g.data.map((value, i) => Math.abs(value - exact.data[i]) / sizes.data[i]);
      expect(Math.max(...off)).toBeLessThanOrEqual(GRAM_RUN * 2 ** -24);
      expect(transpose(g)).toEqual(g);
    }
  });

  test("products of doubles have all digits", () => {
    const x = strided(of === "columns" ? randomMatrix(300, 20, 2) : randomMatrix(20, 300, 2));
    const view = of === "columns" ? x : transposed(x);
    expect(engine.gram(view, { inRuns: true })).toEqual(engine.gram(view));
  });

  test("a value that is no number stays in its row and column", () => {
    const x = stored(of === "columns" ? [72, 21] : [21, 72], "f32");
    const at = of === "columns" ? 30 * 21 + 9 : 9 * 72 + 30;
    const given = strided({ ...x, data: wideMatrix(x).data.with(at, Number.NaN) });
    const g = engine.gram(of === "columns" ? given : transposed(given), { inRuns: true });
    g.data.forEach((value, i) => expect(Number.isNaN(value)).toBe(i % 21 === 9 || Math.floor(i / 21) === 9));
  });
});

test("a Gram matrix of runs is as large as its largest row, and off by that, and by roots of a row's variances and of the largest", () => {
  // 4 6 and 6 10: rows of 10 and 16, of 52 and 136 in squares, and a trace of 14
  const { size, error } = gramOfRuns({ rows: 2, cols: 2, data: Float64Array.of(4, 6, 6, 10) }, 25);
  expect(size).toBe(16);
  const [agreeing, random] = [(32 / 3) ** 2, 32 / 6];
  const roots = Math.sqrt(agreeing * 136 + random * 10 * 14) + Math.sqrt((agreeing + random) * 10 * 10);
  expect(error / (2 ** -24 * (16 + (2 * roots) / 5))).toBeCloseTo(1, 14);
});

test.each(engines)(
  "it is off by no more, and where products are short by no less than a fiftieth: %s",
  (id, engine) => {
    for (const [m, n] of [
      [64, 20],
      [320, 32],
      [1280, 128],
      [5120, 32],
    ] as const) {
      const random = randomMatrix(m, n, 4).data;
      const alike = random.map((value) => 0.1 + 0.001 * value);
      const falling = random.map((value, i) => value * 0.7 ** (i % n));
      for (const data of [random, alike, falling]) {
        const half = storedMatrix(encode(data, "f16"), "f16", [m, n]);
        const [g, exact] = [engine.gram(strided(half), { inRuns: true }), gram(wideMatrix(half))];
        const off = spectralNorm(matrixMap(minus(g, exact))).value;
        const { error } = gramOfRuns(g, m);
        expect(off).toBeLessThanOrEqual(error);
        if (id !== "reference") expect(off).toBeGreaterThan(error / 50);
      }
    }
  },
);

function stored([rows, cols]: readonly [number, number], dtype: StoredType) {
  return storedMatrix(encode(randomMatrix(rows, cols, 2).data, dtype), dtype, [rows, cols]);
}

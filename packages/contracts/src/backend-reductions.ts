import { type Matrix, randomMatrix, transpose } from "@lora/linalg";
import { expect, test } from "vitest";
import { bench, roundedLike, type Subject, UNIT_ROUNDOFF } from "./backend-bench.ts";

const KINDS = ["sum", "sumOfSquares", "maxAbsolute"] as const;

/** Enough elements for every stage of a reduction that goes by stages, and the edges of its groups. */
const SIZES: readonly (readonly [m: number, n: number])[] = [
  [1, 1],
  [3, 5],
  [16, 17],
  [257, 2],
  [3, 5000],
  [5000, 1],
];

/** `reduce` over everything and over each axis, to the rounding of a sum; NaN and nothing. */
export function testReductions<S>(subject: Subject<S>): void {
  const unit = UNIT_ROUNDOFF[subject.dtype];
  test.each(SIZES)("reductions of %i × %i", async (m, n) => {
    const { backend, put, take } = await bench(subject);
    const x = roundedLike(randomMatrix(m, n, 5), subject.dtype);
    const tensor = put(x);
    for (const kind of KINDS) {
      for (const axis of [undefined, 0, 1] as const) {
        const lines = linesOf(x, axis);
        const args = axis === undefined ? { kind, x: tensor } : { kind, x: tensor, axis };
        const reduced = backend.run("reduce", args);
        expect(reduced.shape).toEqual(axis === undefined ? [] : [lines.length]);
        const found = await take(reduced);
        const excess = lines.map((line, at) => {
          const { value, size } = reference(kind, line);
          const bound = kind === "maxAbsolute" ? 0 : (line.length + 1) * unit * size;
          return Math.abs(found[at] - value) - bound;
        });
        expect(Math.max(...excess)).toBeLessThanOrEqual(0);
      }
    }
  });

  test.each(KINDS)("%s of a NaN is NaN, in its own row only", async (kind) => {
    const { backend, put, take } = await bench(subject);
    const x = randomMatrix(5, 300, 6);
    x.data[2 * 300 + 299] = Number.NaN;
    const found = await take(backend.run("reduce", { kind, x: put(x), axis: 1 }));
    expect(found.map(Number.isNaN)).toEqual([false, false, true, false, false]);
    expect(await take(backend.run("reduce", { kind, x: put(x) }))).toEqual([Number.NaN]);
  });

  test("the largest magnitude of infinities is infinite", async () => {
    const { backend, putShaped, take } = await bench(subject);
    const x = putShaped([1, Number.NEGATIVE_INFINITY, 3], [3]);
    expect(await take(backend.run("reduce", { kind: "maxAbsolute", x }))).toEqual([Number.POSITIVE_INFINITY]);
  });

  test("of nothing it is zero", async () => {
    const { backend, putShaped, take } = await bench(subject);
    const x = putShaped([], [0, 3]);
    expect(await take(backend.run("reduce", { kind: "sum", x }))).toEqual([0]);
    expect(await take(backend.run("reduce", { kind: "maxAbsolute", x, axis: 0 }))).toEqual([0, 0, 0]);
    expect(await take(backend.run("reduce", { kind: "sum", x, axis: 1 }))).toEqual([]);
  });

  test("an axis of what is no matrix is refused", async () => {
    const { backend, putShaped } = await bench(subject);
    const args = { kind: "sum", x: putShaped([1, 2], [2]), axis: 0 } as const;
    expect(backend.supports("reduce", args)).toBe(false);
    expect(() => backend.run("reduce", args)).toThrow("reduce over an axis takes a matrix: 2");
  });
}

/** The elements that become one value each. */
function linesOf(x: Matrix, axis: 0 | 1 | undefined): number[][] {
  if (axis === undefined) return [[...x.data]];
  const { rows, cols, data } = axis === 1 ? x : transpose(x);
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * cols, (i + 1) * cols)]);
}

/** The value in f64, and the sum of magnitudes that its error is measured by. */
function reference(kind: (typeof KINDS)[number], line: readonly number[]): { value: number; size: number } {
  const terms = kind === "sumOfSquares" ? line.map((value) => value * value) : line;
  const size = terms.reduce((sum, value) => sum + Math.abs(value), 0);
  const largest = terms.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { size, value: kind === "maxAbsolute" ? largest : terms.reduce((sum, value) => sum + value, 0) };
}

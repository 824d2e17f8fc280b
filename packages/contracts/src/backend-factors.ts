import { type Matrix, multiply, randomMatrix, svdLowRankOn, thinQr } from "@lora/linalg";
import { expect, test } from "vitest";
import { bench, type Subject, UNIT_ROUNDOFF } from "./backend-bench.ts";

/** A factorisation made of a backend's operations: what linalg does on any of them. */
export function testFactorisation<S>(subject: Subject<S>): void {
  const unit = UNIT_ROUNDOFF[subject.dtype];

  test("a truncated SVD finds a falling spectrum, its vectors and the same values again", async () => {
    const { backend, put } = await bench(subject);
    const spectrum = Array.from({ length: 24 }, (_, i) => 3 * 2 ** -i);
    const a = withValues(90, 70, spectrum);
    const tensor = put(a);
    const run = () => svdLowRankOn(backend, tensor, { rank: 8, oversampling: 6, seed: 3 });
    const { u, s, v } = await run();
    const bound = 10 * Math.sqrt(90 + 70) * unit * spectrum[0];
    s.forEach((value, i) => expect(Math.abs(value - spectrum[i])).toBeLessThanOrEqual(bound));
    expect(s).toHaveLength(8);
    // uᵀ·a·v is diag(s) where u, v are orthonormal and belong to s
    const core = multiply(u, multiply(a, v), { transA: true });
    core.data.forEach((value, at) => {
      const expected = at % 9 === 0 ? s[at / 9] : 0;
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(bound);
    });
    expect((await run()).s).toEqual(s);
    tensor.dispose();
  });

  test("a matrix of lower rank than asked for has zeros after it", async () => {
    const { backend, put } = await bench(subject);
    const a = withValues(40, 30, [2, 1]);
    const { s } = await svdLowRankOn(backend, put(a), { rank: 5 });
    const bound = 10 * Math.sqrt(70) * unit * 2;
    [2, 1, 0, 0, 0].forEach((value, i) => expect(Math.abs(s[i] - value)).toBeLessThanOrEqual(bound));
  });
}

/** m × n with these singular values. */
function withValues(m: number, n: number, values: readonly number[]): Matrix {
  const [left, right] = [m, n].map((size, seed) => thinQr(randomMatrix(size, values.length, seed + 7)).q);
  const scaled = { ...left, data: left.data.map((value, at) => value * values[at % values.length]) };
  return multiply(scaled, right, { transB: true });
}

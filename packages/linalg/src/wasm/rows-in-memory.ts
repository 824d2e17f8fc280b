import type { Rows } from "../engine.ts";
import { roundUp } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Between vectors, so that components of the same index do not fall on the same lines of the cache; short ones do not. */
const [GAP, SHORT] = [192, 1024];

/** Runs `work` with vectors copied into the engine's memory, and copies them back when it is done. */
export function withRowsInMemory<T>(
  { arena, kernels }: Workplace,
  vectors: readonly Float64Array[],
  work: (rows: Rows) => T,
): T {
  const { axpy, dot, reflect, reflect_symmetric, rotate } = kernels.functions;
  return arena.scope(() => {
    // A whole number of vectors each, what is left over zero: rotating then needs no end of its own.
    const length = vectors[0]?.length ?? 0;
    const bytes = 8 * roundUp(length, 2);
    const step = bytes + (bytes > SHORT ? GAP : 0);
    const start = arena.allocate(step * vectors.length);
    const at = Uint32Array.from(vectors, (_, index) => start + index * step);
    const vector = (x: number): Float64Array => arena.doubles.subarray(at[x] / 8, at[x] / 8 + length);
    vectors.forEach((each, index) => {
      arena.doubles[(at[index] + bytes) / 8 - 1] = 0;
      vector(index).set(each);
    });
    try {
      return work({
        count: vectors.length,
        vector,
        dot: (x, y, end, from = 0) => dot(at[x] + 8 * from, at[x] + 8 * end, at[y] + 8 * from),
        axpy: (alpha, x, y, from) => void axpy(alpha, at[x] + 8 * from, at[x] + 8 * length, at[y] + 8 * from),
        reflect: (x, y, { tau, from }) =>
          reflect(at[x] + 8 * from, at[x] + 8 * length, at[y] + 8 * from, tau),
        reflectSymmetric({ from, end, x, y, v, w }, tau) {
          const skip = 8 * from;
          arena.doubles.fill(0, (at[w] + skip) / 8, at[w] / 8 + end);
          const [a, vEnd] = [at[from] + skip, at[v] + 8 * end];
          reflect_symmetric(a, step, at[x] + skip, at[y] + skip, at[v] + skip, vEnd, at[w] + skip, tau);
        },
        rotate: (x, y, { c, s }) => void rotate(at[x], at[x] + bytes, at[y], c, s),
        swap: (x, y) => ([at[x], at[y]] = [at[y], at[x]]),
      });
    } finally {
      vectors.forEach((each, index) => each.set(vector(index)));
    }
  });
}

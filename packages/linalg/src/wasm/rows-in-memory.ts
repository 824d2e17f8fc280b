import type { Rows } from "../engine.ts";
import { roundUp } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Runs `work` with vectors copied into the engine's memory, and copies them back when it is done. */
export function withRowsInMemory<T>(
  { arena, kernels }: Workplace,
  vectors: Float64Array[],
  work: (rows: Rows) => T,
): T {
  const { dot, rotate } = kernels.functions;
  return arena.scope(() => {
    // A whole number of vectors each, what is left over zero: rotating then needs no end of its own.
    const bytes = 8 * roundUp(vectors[0]?.length ?? 0, 2);
    const start = arena.allocate(bytes * vectors.length);
    const at = Uint32Array.from(vectors, (_, index) => start + index * bytes);
    arena.doubles.fill(0, start / 8, (start + bytes * vectors.length) / 8);
    vectors.forEach((vector, index) => arena.doubles.set(vector, at[index] / 8));
    try {
      return work({
        count: vectors.length,
        dot: (x, y, length) => dot(at[x], at[x] + 8 * length, at[y]),
        rotate: (x, y, { c, s }) => void rotate(at[x], at[x] + bytes, at[y], c, s),
        swap: (x, y) => ([at[x], at[y]] = [at[y], at[x]]),
      });
    } finally {
      vectors.forEach((vector, index) => {
        vector.set(arena.doubles.subarray(at[index] / 8, at[index] / 8 + vector.length));
      });
    }
  });
}

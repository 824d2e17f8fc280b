import { norm } from "./ops/norm.ts";
import { scale } from "./ops/scale.ts";
import { projectOut } from "./project-out.ts";

/**
 * Fills the vectors from `known` on so that all are orthonormal, given that the first `known` are. Each new one
 * comes from the coordinate axis farthest from the span of those before it.
 */
export function completeBasis(vectors: readonly Float64Array[], known: number): void {
  const length = vectors[0]?.length ?? 0;
  const covered = new Float64Array(length); // squared length of each axis inside the span
  const cover = (vector: Float64Array): void => vector.forEach((value, i) => (covered[i] += value * value));
  vectors.slice(0, known).forEach(cover);
  for (let next = known; next < vectors.length; next++) {
    const vector = vectors[next].fill(0);
    vector[covered.indexOf(covered.reduce((least, value) => Math.min(least, value)))] = 1;
    projectOut(vectors.slice(0, next), vector);
    scale(1 / norm(vector), vector);
    cover(vector);
  }
}

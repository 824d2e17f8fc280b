import { axpy } from "./ops/axpy.ts";
import { dotVectors } from "./ops/dot-vectors.ts";

/**
 * Takes out of `vector` what lies in the span of an orthonormal basis. Twice, because the first pass leaves
 * rounding errors of the size of what it removed (Giraud et al., "The loss of orthogonality in the
 * Gram-Schmidt orthogonalization process", 2005).
 */
export function projectOut(basis: readonly Float64Array[], vector: Float64Array): void {
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) axpy(-dotVectors(direction, vector), direction, vector);
  }
}

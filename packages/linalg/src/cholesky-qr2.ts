import { checkMatrix } from "./check-matrix.ts";
import type { EngineOptions } from "./engine.ts";
import type { Matrix } from "./matrix.ts";
import { strided } from "./ops/strided.ts";
import { referenceEngine } from "./reference-engine.ts";
import { factorTwice } from "./tall-frame.ts";
import type { Qr } from "./thin-qr.ts";
import { thinQr } from "./thin-qr.ts";

/**
 * Thin QR of a tall matrix by the Cholesky factors of two Gram matrices: as accurate as Householder's, and made
 * of matrix products. Lengths of columns do not matter, only their directions have to be well conditioned,
 * κ < 10⁷ or so. Where they are not, which the first pass shows, and where m < n, the result
 * is that of `thinQr`. 4·m·n² operations.
 *
 * @throws LoraError NUMERIC when an entry is not finite
 * @see Yamamoto et al., "Roundoff error analysis of the CholeskyQR2 algorithm" (2015)
 */
export function choleskyQr2(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): Qr {
  checkMatrix(a, "a");
  return factorTwice(engine, strided(a)) ?? thinQr(a, { engine });
}

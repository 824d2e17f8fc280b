import type { Backend, Tensor } from "@lora/tensor";
import { LoraError, shapeText } from "@lora/tensor";
import { columns } from "./arrange.ts";
import type { Svd } from "./matrix.ts";
import { orthonormalOn, takeMatrix, uploadMatrix } from "./orthonormal-on.ts";
import { randomMatrix } from "./random-matrix.ts";
import { requireCount } from "./require-count.ts";
import type { LowRankOptions } from "./svd-low-rank.ts";
import { svd } from "./svd.ts";
import { unitOn } from "./unit-on.ts";

/**
 * `svdLowRank` of a matrix that a backend holds: the products with it and with tall matrices run there, only the
 * cores of rank + oversampling rows and columns are decomposed here, in f64. The random
 * start goes there and the singular vectors come back; the matrix stays. Singular values are within about
 * 10·√(m + n)·u·σ₁ of those that exact arithmetic would give, u the unit roundoff of `a.dtype`.
 *
 * @param a m × n, in any dtype that the backend calculates in; not disposed
 * @returns u m × k, s k descending, v n × k, with k = min(rank, m, n)
 * @throws LoraError SHAPE when `a` is no matrix; USAGE when a count is no whole number or too small; NUMERIC when
 *   an entry is not finite; what the backend throws
 * @see Halko, Martinsson & Tropp, "Finding structure with randomness" (2011), algorithms 4.4 and 5.1
 */
export async function svdLowRankOn<S>(
  backend: Backend<S>,
  a: Tensor<S>,
  options: Omit<LowRankOptions, "as">,
): Promise<Svd> {
  const { rank, oversampling = 8, powerIterations = 2, seed = 0 } = options;
  requireCount("rank", rank, 1);
  requireCount("oversampling", oversampling, 0);
  requireCount("powerIterations", powerIterations, 0);
  const { rows, cols } = sizesOf(a);
  const width = Math.min(rank + oversampling, rows, cols);
  const alpha = await unitOn(backend, a); // so that no square overflows
  const orthonormalProduct = (x: Tensor<S>, transA: boolean): Promise<Tensor<S>> => {
    const product = backend.run("gemm", { a, b: x, transA, alpha });
    x.dispose();
    return orthonormalOn(backend, product);
  };
  let range = await orthonormalProduct(
    uploadMatrix(backend, randomMatrix(cols, width, seed), a.dtype),
    false,
  );
  for (let pass = 0; pass < powerIterations; pass++) {
    range = await orthonormalProduct(await orthonormalProduct(range, true), false);
  }
  return projectedSvd(backend, { a, alpha, range }, Math.min(rank, rows, cols));
}

/** The SVD of range · rangeᵀ · a by that of the core coRangeᵀ · aᵀ · range. */
async function projectedSvd<S>(
  backend: Backend<S>,
  { a, alpha, range }: { readonly a: Tensor<S>; readonly alpha: number; readonly range: Tensor<S> },
  rank: number,
): Promise<Svd> {
  const projected = backend.run("gemm", { a, b: range, transA: true, alpha });
  const copy = backend.run("scale", { alpha: 1, x: projected });
  const coRange = await orthonormalOn(backend, copy);
  const core = svd(
    await takeMatrix(backend, backend.run("gemm", { a: coRange, b: projected, transA: true })),
  );
  projected.dispose();
  const turned = async (basis: Tensor<S>, vectors: Svd["u"]): Promise<Svd["u"]> => {
    const turn = uploadMatrix(backend, vectors, a.dtype);
    const product = backend.run("gemm", { a: basis, b: turn });
    basis.dispose();
    turn.dispose();
    return takeMatrix(backend, product);
  };
  const kept = Array.from({ length: Math.min(rank, core.s.length) }, (_, i) => i);
  return {
    u: await turned(range, columns(core.v, kept)),
    s: core.s.slice(0, kept.length).map((value) => value / alpha),
    v: await turned(coRange, columns(core.u, kept)),
  };
}

function sizesOf({ shape }: Tensor): { readonly rows: number; readonly cols: number } {
  if (shape.length === 2) return { rows: shape[0], cols: shape[1] };
  throw new LoraError("SHAPE", `svdLowRankOn takes a matrix, not ${shapeText(shape)}`, { shape });
}

import {
  dot,
  type Float64Matrix,
  frobeniusNorm,
  gram,
  multiply,
  type ProductBasis,
  type ProductPairs,
  type StoredMatrix,
} from "@lora/linalg";
import type { ReadProducts, WithRead } from "./read-products.ts";
import { remainderOf } from "./remainder.ts";

/** Rounded factors, and the update that they are a part of. */
export interface RoundedFactors extends WithRead {
  readonly basis: ProductBasis;
  readonly pairs: ProductPairs;
  /** The norms of the columns of B₀ and of the rows of A₀, which are orthogonal. */
  readonly weights: Float64Array;
  /** B′ᵀ and A′, a pair a row. */
  readonly up: StoredMatrix;
  readonly down: StoredMatrix;
}

/** ⟨b·a, B′·A′⟩ and ‖B′·A′‖². */
export function innerProducts(
  { up, down, engine }: RoundedFactors,
  products: ReadProducts,
): readonly [inner: number, square: number] {
  const [left, right] = [up, down].map((each) => gram(each, { of: "rows", engine }));
  return [dot(products.up, products.down), dot(left!, right!)];
}

/** How far rounded factors reach into D, what was dropped of their update, t·p·qᵀ in its basis; scales left out, and rather more. */
export interface RoundingReach {
  /** ‖Dᵀ·B′‖₂ and ‖D·A′ᵀ‖₂: those of B′ − B₀ and A′ − A₀, since D is orthogonal to B₀ and A₀. */
  readonly plain: readonly number[];
  /** The same with A₀ and B₀ᵀ behind. */
  readonly weighted: readonly number[];
}

/** That, in O(r²) a pair, by the roots of the norms of Gram matrices. */
export function roundingReach(
  { basis, pairs, weights, engine }: RoundedFactors,
  products: ReadProducts,
): RoundingReach {
  const rest = remainderOf(basis, pairs.coordinates, { engine });
  const { t, q } = rest.along(products);
  const grams = [
    gram(t, { of: "rows", engine }),
    multiply(mappedRows(q, rest.timesSquares), q, { transB: true, engine }),
  ];
  const norms = (): number[] => grams.map((each) => Math.sqrt(frobeniusNorm(each)));
  const plain = norms();
  for (const each of grams) weigh(each, weights);
  return { plain, weighted: norms() };
}

/** Each row and each column times its weight. */
function weigh({ cols, data }: Float64Matrix, weights: Float64Array): void {
  weights.forEach((left, i) => weights.forEach((right, j) => (data[i * cols + j]! *= left * right)));
}

/** What a map makes of each row. */
function mappedRows(x: Float64Matrix, map: (row: Float64Array) => Float64Array): Float64Matrix {
  const data = new Float64Array(x.data.length);
  for (let at = 0; at < data.length; at += x.cols) data.set(map(x.data.subarray(at, at + x.cols)), at);
  return { ...x, data };
}

import {
  coordinatesOf,
  dot,
  type EngineOptions,
  type Float64Matrix,
  frobeniusNorm,
  gram,
  type Matrix,
  multiply,
  type ProductBasis,
  type ProductCoordinates,
  type ProductPairs,
  type StoredMatrix,
  zeros,
} from "@lora/linalg";
import type { StoredFactors } from "@lora/peft";
import { remainderOf } from "./remainder.ts";

/** Rounded factors, and the update that they are a part of. */
export interface RoundedFactors extends EngineOptions {
  readonly factors: StoredFactors;
  readonly basis: ProductBasis;
  readonly pairs: ProductPairs;
  /** The norms of the columns of B₀ and of the rows of A₀, which are orthogonal. */
  readonly weights: Float64Array;
  /** B′ᵀ and A′, a pair a row. */
  readonly up: StoredMatrix;
  readonly down: StoredMatrix;
}

/** B′ᵀ·b and A′·aᵀ, a pair a row. */
export interface ReadProducts {
  readonly up: Matrix;
  readonly down: Matrix;
}

/** The products of rounded factors with those that were read: as much as making them. */
export function readProducts({ factors, up, down, engine }: RoundedFactors, as: "f32" | "f64"): ReadProducts {
  return {
    up: multiply(up, factors.up, { as, engine }),
    down: multiply(down, factors.down, { transB: true, as, engine }),
  };
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
  const coordinates = coordinatesOf(basis, { engine });
  const rest = remainderOf(coordinates, pairs.coordinates, { engine });
  const alongT = rest.projected(coordinates.timesT(products.up));
  const alongQ = rest.projected(coordinates.timesQ(products.down));
  const grams = [
    gram(alongT, { of: "rows", engine }),
    multiply(timesTridiagonal(alongQ, coordinates.squares), alongQ, { transB: true, engine }),
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

/** x·T for each row x. */
function timesTridiagonal(
  { rows, cols, data: x }: Float64Matrix,
  { diagonal, off }: ProductCoordinates["squares"],
): Float64Matrix {
  const product = zeros(rows, cols);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let i = 0; i < cols; i++, at++) {
      const before = i > 0 ? off[i - 1]! * x[at - 1]! : 0;
      const after = i + 1 < cols ? off[i]! * x[at + 1]! : 0;
      product.data[at] = before + diagonal[i]! * x[at]! + after;
    }
  }
  return product;
}

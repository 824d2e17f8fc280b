import {
  coordinatesOf,
  dot,
  type EngineOptions,
  type Float64Matrix,
  gram,
  type Matrix,
  multiply,
  type ProductBasis,
  type ProductCoordinates,
  type ProductPairs,
  type StoredMatrix,
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

/** How far rounded factors reach into D, what was dropped of their update, t·p·qᵀ in its basis; scales left out. */
export interface RoundingReach {
  /** ‖Dᵀ·B′‖ and ‖D·A′ᵀ‖: those of B′ − B₀ and A′ − A₀, since D is orthogonal to B₀ and A₀. */
  readonly plain: readonly [number, number];
  /** The same with A₀ and B₀ᵀ behind. */
  readonly weighted: readonly [number, number];
}

/** That, in O(r²) a pair. */
export function roundingReach(
  { basis, pairs, weights, engine }: RoundedFactors,
  products: ReadProducts,
): RoundingReach {
  const coordinates = coordinatesOf(basis, { engine });
  const rest = remainderOf(coordinates, pairs.coordinates, { engine });
  const alongT = rest.projected(coordinates.timesT(products.up));
  const alongQ = rest.projected(coordinates.timesQ(products.down));
  const norms = (): readonly [number, number] => [
    Math.sqrt(dot(alongT, alongT)),
    Math.sqrt(sumOfForms(alongQ, coordinates.squares)),
  ];
  const plain = norms();
  for (const along of [alongT, alongQ]) weigh(along, weights);
  return { plain, weighted: norms() };
}

/** Each row times its weight. */
function weigh({ cols, data }: Float64Matrix, weights: Float64Array): void {
  for (let at = 0; at < data.length; at++) data[at]! *= weights[Math.floor(at / cols)]!;
}

/** Σ x·T·xᵀ over the rows x. */
function sumOfForms(
  { rows, cols, data }: Float64Matrix,
  { diagonal, off }: ProductCoordinates["squares"],
): number {
  let sum = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let i = 0; i < cols; i++, at++) {
      const beside = i + 1 < cols ? 2 * off[i]! * data[at + 1]! : 0;
      sum += data[at]! * (diagonal[i]! * data[at]! + beside);
    }
  }
  return Math.max(0, sum);
}

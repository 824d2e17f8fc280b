import {
  coordinatesOf,
  dot,
  type EngineOptions,
  type Float64Matrix,
  gram,
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

/** What rounded factors have in common with their update, scales left out, and with D, what was dropped of it. */
export interface RoundingReach {
  /** ⟨b·a, B′·A′⟩ */
  readonly inner: number;
  /** ‖B′·A′‖² */
  readonly square: number;
  /** ‖Dᵀ·B′‖ and ‖D·A′ᵀ‖: those of B′ − B₀ and A′ − A₀, since D is orthogonal to B₀ and A₀. */
  readonly plain: readonly [number, number];
  /** The same with A₀ and B₀ᵀ behind. */
  readonly weighted: readonly [number, number];
}

/**
 * How far rounded factors reach into what was dropped, and what makes their distance from the update. All from a product of each with the
 * factor that was read, in f64: as much as making them, and O(r²) a pair. D is t·p·qᵀ in a basis.
 */
export function roundingReach(rounded: RoundedFactors): RoundingReach {
  const { factors, basis, pairs, weights, up, down, engine } = rounded;
  const coordinates = coordinatesOf(basis, { engine });
  const rest = remainderOf(coordinates, pairs.coordinates, { engine });
  const upByB = multiply(up, factors.up, { engine });
  const downByA = multiply(down, factors.down, { transB: true, engine });
  const [inner, square] = [
    dot(upByB, downByA),
    dot(gram(up, { of: "rows", engine }), gram(down, { of: "rows", engine })),
  ];
  const alongT = rest.projected(coordinates.timesT(upByB));
  const alongQ = rest.projected(coordinates.timesQ(downByA));
  const norms = (): readonly [number, number] => [
    Math.sqrt(dot(alongT, alongT)),
    Math.sqrt(sumOfForms(alongQ, coordinates.squares)),
  ];
  const plain = norms();
  for (const along of [alongT, alongQ]) weigh(along, weights);
  return { inner, square, plain, weighted: norms() };
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

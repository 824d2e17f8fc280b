import { columns, scaledColumns, transpose } from "./arrange.ts";
import { zeros } from "./create.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import type { ProductBasis } from "./product-basis.ts";
import type { ProductSpectrum } from "./product-spectrum.ts";
import type { ReducedProduct } from "./reduced-product.ts";
import { applyReflected } from "./reflector-blocks.ts";
import { referenceEngine } from "./reference-engine.ts";
import { tridiagonalVectors } from "./tridiagonal-vectors.ts";

/** Some singular pairs of a product. */
export interface ProductPairs extends ProductSpectrum {
  /** k × r: the pairs in the coordinates of the basis, one a row. */
  readonly coordinates: Matrix;
}

/**
 * The singular pairs with these indices: O(r) a pair in the coordinates of a reduced product, and O(r²) a pair for the maps.
 *
 * @param kept indices of values, ascending
 * @returns `undefined` where a value is so small, or so close to others, that the reduced product has lost the vector:
 *   `productSpectrum` has it
 */
export function pairsOf(
  basis: ProductSpectrum,
  kept: readonly number[],
  options?: EngineOptions,
): ProductPairs;
export function pairsOf(
  basis: ProductBasis,
  kept: readonly number[],
  options?: EngineOptions,
): ProductPairs | undefined;
export function pairsOf(
  basis: ProductBasis,
  kept: readonly number[],
  { engine = referenceEngine }: EngineOptions = {},
): ProductPairs | undefined {
  const s = Float64Array.from(kept, (index) => basis.s[index]);
  if ("form" in basis) return s.every((value) => value >= basis.least) ? solved(engine, basis, s) : undefined;
  const coordinates = zeros(kept.length, basis.s.length);
  kept.forEach((index, row) => (coordinates.data[row * basis.s.length + index] = 1));
  return { s, left: columns(basis.left, kept), right: columns(basis.right, kept), coordinates };
}

function solved(engine: Engine, basis: ReducedProduct, s: Float64Array): ProductPairs | undefined {
  const { form, triangle, gain } = basis;
  const squares = s.map((value) => value * value);
  const coordinates = tridiagonalVectors(engine, form, squares);
  if (coordinates === undefined) return undefined;
  const rows = { ...coordinates, data: coordinates.data.slice() };
  applyReflected(engine, form.reflected, rows);
  const left = multiply(triangle, rows, { transB: true, alpha: gain, engine });
  timesInverse(engine, rows, triangle);
  return {
    s,
    left: scaledColumns(
      left,
      s.map((value) => 1 / value),
    ),
    right: transpose(rows),
    coordinates,
  };
}

/** x ← x · l⁻¹ for a lower triangular l: with the order of components turned round it is a product with (lᵀ)⁻¹, which an engine makes. */
function timesInverse(engine: Engine, x: Float64Matrix, l: Float64Matrix): void {
  const turnRound = (): void => {
    for (let at = 0; at < x.data.length; at += x.cols) x.data.subarray(at, at + x.cols).reverse();
  };
  turnRound();
  engine.solveTriangular(x, turnedRound(l));
  turnRound();
}

/** lᵀ with the order of its rows and columns turned round: lower triangular again. */
function turnedRound({ rows: n, data }: Float64Matrix): Float64Matrix {
  const turned = zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) turned.data[(n - 1 - j) * n + n - 1 - i] = data[i * n + j];
  }
  return turned;
}

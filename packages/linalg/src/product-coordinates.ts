import type { Engine, EngineOptions } from "./engine.ts";
import { scaledColumns } from "./arrange.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { toFloat64 } from "./float64-matrix.ts";
import { multiply } from "./multiply.ts";
import type { ProductBasis } from "./product-basis.ts";
import type { ReducedProduct } from "./reduced-product.ts";
import { applyReflected } from "./reflector-blocks.ts";
import { referenceEngine } from "./reference-engine.ts";
import type { Tridiagonal, TridiagonalForm } from "./tridiagonalise.ts";

/** A product gain · b · a = t · qᵀ, where q has orthonormal columns, in the coordinates of q. */
export interface ProductCoordinates {
  /** tᵀ·t */
  readonly squares: Tridiagonal;
  /** x·t from x·b, one vector a row. */
  timesT(xb: Matrix): Float64Matrix;
  /** x·q from x·aᵀ, one vector a row. */
  timesQ(xa: Matrix): Float64Matrix;
}

/** What a basis says of its product, without a vector that is as long as it. O(r²) a vector. */
export function coordinatesOf(
  basis: ProductBasis,
  { engine = referenceEngine }: EngineOptions = {},
): ProductCoordinates {
  if ("form" in basis) return ofReduced(engine, basis);
  const { s, left, right } = basis;
  return {
    squares: { diagonal: s.map((value) => value * value), off: new Float64Array(Math.max(0, s.length - 1)) },
    timesT: (xb) => scaledColumns(multiply(xb, left, { engine }), s),
    timesQ: (xa) => multiply(xa, right, { engine }),
  };
}

function ofReduced(engine: Engine, { form, triangle, gain }: ReducedProduct): ProductCoordinates {
  return {
    squares: form,
    timesT: (xb) => turned(engine, form, multiply(xb, triangle, { alpha: gain, engine })),
    timesQ(xa) {
      const solved = toFloat64({ ...xa, data: xa.data.slice() });
      engine.solveTriangular(solved, triangle);
      return turned(engine, form, solved);
    },
  };
}

/** x·h for each row x. */
function turned(engine: Engine, { reflected }: TridiagonalForm, x: Float64Matrix): Float64Matrix {
  applyReflected(engine, reflected, x, "firstFirst");
  return x;
}

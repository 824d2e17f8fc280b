import {
  coordinatesOf,
  type EngineOptions,
  type Float64Matrix,
  type GramMap,
  type Matrix,
  multiply,
  type ProductBasis,
  type ProductCoordinates,
  referenceEngine,
  strided,
} from "@lora/linalg";
import type { ReadProducts } from "./read-products.ts";

/** What is left of t·qᵀ when some pairs are taken out, t·p·qᵀ with the projection p, in the coordinates of q. */
export interface Remainder {
  /** p·tᵀ·t·p */
  readonly left: GramMap;
  /** p */
  readonly right: GramMap;
  /** x·t·p and y·q·p, one vector a row, from the products of x and y with the factors that were read. */
  along(products: ReadProducts): { readonly t: Float64Matrix; readonly q: Float64Matrix };
  /** x·tᵀ·t for one vector. */
  timesSquares(x: Float64Array): Float64Array;
}

/** @param kept coordinates of the pairs that are taken out, orthonormal, one a row */
export function remainderOf(
  basis: ProductBasis,
  kept: Matrix,
  { engine = referenceEngine }: EngineOptions = {},
): Remainder {
  const { squares, timesT, timesQ } = coordinatesOf(basis, { engine });
  const { diagonal } = squares;
  const size = diagonal.length;
  const timesSquares = timesTridiagonal.bind(undefined, squares);
  return {
    left: { diagonal, times: (x) => projected(timesSquares(projected(x.slice()))) },
    right: { diagonal: new Float64Array(size).fill(1), times: (x) => projected(x.slice()) },
    along: ({ up, down }) => ({ t: rowsProjected(timesT(up)), q: rowsProjected(timesQ(down)) }),
    timesSquares,
  };

  /** In place. */
  function rowsProjected(x: Float64Matrix): Float64Matrix {
    const along = multiply(x, kept, { transB: true, engine });
    engine.gemm({ a: strided(along), b: strided(kept), c: strided(x), alpha: -1, add: true });
    return x;
  }

  /** In place. */
  function projected(x: Float64Array): Float64Array {
    const { rows, data } = kept;
    for (let first = 0; first < rows * size; first += size) {
      let along = 0;
      for (let i = 0; i < size; i++) along += data[first + i]! * x[i]!;
      for (let i = 0; i < size; i++) x[i]! -= along * data[first + i]!;
    }
    return x;
  }
}

/** x·T for a symmetric tridiagonal T. */
function timesTridiagonal({ diagonal, off }: ProductCoordinates["squares"], x: Float64Array): Float64Array {
  const product = x.map((value, i) => value * diagonal[i]!);
  for (let i = 0; i < off.length; i++) {
    product[i]! += off[i]! * x[i + 1]!;
    product[i + 1]! += off[i]! * x[i]!;
  }
  return product;
}

import {
  type EngineOptions,
  type Float64Matrix,
  type GramMap,
  type Matrix,
  multiply,
  type ProductCoordinates,
  referenceEngine,
  strided,
} from "@lora/linalg";

/** What is left of t·qᵀ when some pairs are taken out, t·p·qᵀ with the projection p, in the coordinates of q. */
export interface Remainder {
  /** p·tᵀ·t·p */
  readonly left: GramMap;
  /** p */
  readonly right: GramMap;
  /** x·p for each row x, in place. */
  projected(x: Float64Matrix): Float64Matrix;
}

/** @param kept coordinates of the pairs that are taken out, orthonormal, one a row */
export function remainderOf(
  { squares }: ProductCoordinates,
  kept: Matrix,
  { engine = referenceEngine }: EngineOptions = {},
): Remainder {
  const { diagonal, off } = squares;
  const size = diagonal.length;
  return {
    left: { diagonal, times: (x) => projected(timesTridiagonal(projected(x.slice()))) },
    right: { diagonal: new Float64Array(size).fill(1), times: (x) => projected(x.slice()) },
    projected(x) {
      const along = multiply(x, kept, { transB: true, engine });
      engine.gemm({ a: strided(along), b: strided(kept), c: strided(x), alpha: -1, add: true });
      return x;
    },
  };

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

  function timesTridiagonal(x: Float64Array): Float64Array {
    const product = x.map((value, i) => value * diagonal[i]!);
    for (let i = 0; i < off.length; i++) {
      product[i]! += off[i]! * x[i + 1]!;
      product[i + 1]! += off[i]! * x[i]!;
    }
    return product;
  }
}

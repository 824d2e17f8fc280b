import { type GramMap, gramMap, type Matrix, type Float64Matrix } from "@lora/linalg";

/** factor · map */
export function scaledMap({ diagonal, times }: GramMap, factor: number): GramMap {
  const scale = (x: Float64Array): Float64Array => x.map((value) => factor * value);
  return { diagonal: scale(diagonal), times: (x) => scale(times(x)) };
}

/** [top crossᵀ; cross corner] */
export function borderedMap(top: GramMap, cross: Matrix, corner: Float64Matrix): GramMap {
  const bottom = gramMap(corner);
  const { rows, cols, data } = cross;
  return {
    diagonal: Float64Array.of(...top.diagonal, ...bottom.diagonal),
    times(x) {
      const [upper, lower] = [x.subarray(0, cols), x.subarray(cols)];
      const product = new Float64Array(x.length);
      product.set(top.times(upper));
      product.set(bottom.times(lower), cols);
      for (let i = 0, at = 0; i < rows; i++) {
        let along = 0;
        for (let j = 0; j < cols; j++, at++) {
          along += data[at]! * upper[j]!;
          product[j]! += lower[i]! * data[at]!;
        }
        product[cols + i]! += along;
      }
      return product;
    },
  };
}

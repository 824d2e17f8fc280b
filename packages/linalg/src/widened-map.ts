import { decode } from "@lora/tensor";
import { zeros } from "./create.ts";
import type { Engine } from "./engine.ts";
import { firstNonFinite } from "./first-non-finite.ts";
import type { Matrix } from "./matrix.ts";
import { strided, transposed } from "./ops/strided.ts";
import type { Strided } from "./ops/strided.ts";
import { checkStored } from "./stored-matrix.ts";
import type { StoredMap, StoredMatrix } from "./stored-matrix.ts";

/**
 * A stored matrix to multiply with, widened to f32 as a whole.
 *
 * @throws LoraError SHAPE when the bytes are not those of so many rows and columns
 */
export function widenedMap(engine: Engine, a: StoredMatrix): StoredMap {
  checkStored(a);
  const data = new Float32Array(a.rows * a.cols);
  decode(a.bytes, a.dtype, data);
  const wide = strided({ rows: a.rows, cols: a.cols, data });
  return {
    rows: a.rows,
    cols: a.cols,
    multiply: (x) => product(engine, wide, x),
    multiplyTransposed: (x) => product(engine, transposed(wide), x),
    multiplyNormal(column) {
      const x = { rows: column.length, cols: 1, data: column };
      return new Float64Array(product(engine, transposed(wide), product(engine, wide, x)).data);
    },
    sumOfSquares: () => engine.dot(data, data),
    firstNonFinite: () => firstNonFinite(data),
  };
}

function product(engine: Engine, a: Strided, x: Matrix): Matrix {
  const c = zeros(a.rows, x.cols);
  engine.gemm({ a, b: strided(x), c: strided(c) });
  return x.data instanceof Float32Array ? { ...c, data: new Float32Array(c.data) } : c;
}

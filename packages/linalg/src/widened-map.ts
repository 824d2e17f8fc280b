import { checkMatrix } from "./check-matrix.ts";
import { zeros } from "./create.ts";
import type { Engine } from "./engine.ts";
import { firstNonFinite } from "./first-non-finite.ts";
import type { Matrix } from "./matrix.ts";
import { strided, transposed, widened } from "./ops/strided.ts";
import type { Strided } from "./ops/strided.ts";
import type { StoredMap, StoredMatrix } from "./stored-matrix.ts";

/**
 * A stored matrix to multiply with, widened to f32 as a whole.
 *
 * @throws LoraError SHAPE when its data is not rows × cols long
 */
export function widenedMap(engine: Engine, a: StoredMatrix): StoredMap {
  checkMatrix(a, "a");
  const wide = widened(strided(a));
  return {
    rows: a.rows,
    cols: a.cols,
    multiply: (x) => product(engine, wide, x),
    multiplyTransposed: (x) => product(engine, transposed(wide), x),
    multiplyNormal(column) {
      const x = { rows: column.length, cols: 1, data: column };
      return new Float64Array(product(engine, transposed(wide), product(engine, wide, x)).data);
    },
    sumOfSquares: () => engine.dot(wide.data, wide.data),
    firstNonFinite: () => firstNonFinite(a),
  };
}

function product(engine: Engine, a: Strided, x: Matrix): Matrix {
  const c = zeros(a.rows, x.cols);
  engine.gemm({ a, b: strided(x), c: strided(c) });
  return x.data instanceof Float32Array ? { ...c, data: new Float32Array(c.data) } : c;
}

import { decode } from "@lora/tensor";
import { addStored, withStoredSum } from "./reference-add-stored.ts";
import { zeros } from "./create.ts";
import type { Engine, Product, Rows } from "./engine.ts";
import { allFinite } from "./first-non-finite.ts";
import { reflect } from "./householder.ts";
import { axpy } from "./ops/axpy.ts";
import { choleskyRows } from "./ops/cholesky-rows.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { gemm } from "./ops/gemm.ts";
import { gram } from "./ops/gram.ts";
import { reflectSymmetric } from "./ops/reflect-symmetric.ts";
import { rotate } from "./ops/rotate.ts";
import { solveTriangular } from "./ops/solve-triangular.ts";
import type { Strided } from "./ops/strided.ts";
import { strided, widened } from "./ops/strided.ts";
import { applyBlocks } from "./reflector-blocks.ts";
import { readStored } from "./stored-matrix.ts";
import { widenedMap } from "./widened-map.ts";

/**
 * The engine in plain TypeScript, which runs everywhere and gives the same bits everywhere. Sums are f64 always; a
 * result that is kept in f32 is rounded once.
 */
export const referenceEngine: Engine = {
  id: "reference",
  gemm: multiplyInto,
  gram: (x) => gram(widened(x)),
  cholesky: choleskyRows,
  solveTriangular: (x, l) => solveTriangular(referenceEngine, x, l),
  reflect: (blocks, x) => applyBlocks(referenceEngine, blocks, x),
  allFinite,
  dot: dotVectors,
  widen: ({ bytes, from, out }) => decode(bytes, from, out),
  addStored: (sum) => addStored(referenceEngine, sum),
  withStoredSum: (sum, work) => withStoredSum(referenceEngine, sum, work),
  withMatrix: (_, map, work) => work(map),
  withStored: (a, work) => work(widenedMap(referenceEngine, readStored(a))),
  timesStored(source, x) {
    const a = readStored(source);
    return allFinite(a) ? widenedMap(referenceEngine, a).multiply(x) : undefined;
  },
  withRows: (vectors, work) => work(rowsOf(vectors)),
};

function multiplyInto({ a: left, b: right, c, alpha = 1, add = false }: Product): void {
  const [a, b] = [widened(left), widened(right)];
  if (isDouble(c) && add) return gemm(alpha, a, b, c);
  const product = zeros(c.rows, c.cols);
  gemm(alpha, a, b, strided(product));
  for (let i = 0; i < c.rows; i++) {
    for (let j = 0; j < c.cols; j++) {
      const at = i * c.rowStep + j * c.colStep;
      c.data[at] = product.data[i * c.cols + j] + (add ? c.data[at] : 0);
    }
  }
}

function isDouble(c: Strided): c is Strided<Float64Array> {
  return c.data instanceof Float64Array;
}

function rowsOf(vectors: readonly Float64Array[]): Rows {
  return {
    count: vectors.length,
    dot: (x, y, end, from = 0) => dotVectors(vectors[x].subarray(from, end), vectors[y].subarray(from, end)),
    axpy: (alpha, x, y, from) => axpy(alpha, vectors[x].subarray(from), vectors[y].subarray(from)),
    vector: (x) => vectors[x],
    reflect(x, y, { tau, from }) {
      const target = vectors[y].subarray(from);
      reflect(vectors[x].subarray(from), tau, target);
      return target[0];
    },
    reflectSymmetric({ from, end, ...block }, tau) {
      const [x, y, v, w] = [block.x, block.y, block.v, block.w].map((each) =>
        vectors[each].subarray(from, end),
      );
      const rows = vectors.slice(from, end).map((row) => row.subarray(from, end));
      reflectSymmetric(rows, { x, y, v, w }, tau);
    },
    rotate: (x, y, { c, s }) => rotate(vectors[x], vectors[y], c, s),
    swap(x, y) {
      const kept = vectors[x].slice();
      vectors[x].set(vectors[y]);
      vectors[y].set(kept);
    },
  };
}

import type { Map2Kind, Ops, Tensor } from "@lora/tensor";
import { transpose } from "./arrange.ts";
import type { Engine } from "./engine.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { axpy } from "./ops/axpy.ts";
import { scale } from "./ops/scale.ts";
import { strided } from "./ops/strided.ts";
import { reduceLines } from "./reference-reduce.ts";

/** Where the reference backend keeps values. */
export type ReferenceStorage = Matrix["data"];

const COMBINATIONS: Readonly<Record<Map2Kind, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
};

/** What the reference backend can do, by name: the values of the result, before they are rounded to its type. */
export const referenceOperations: {
  readonly [O in keyof Ops]: (args: Ops<ReferenceStorage>[O], engine: Engine) => ReferenceStorage;
} = {
  gemm({ a, b, ...options }, engine) {
    const as = a.dtype === "f32" ? "f32" : "f64";
    const right = matricesOf(b);
    const product = (left: Matrix, i: number): Matrix => multiply(left, right[i], { ...options, as, engine });
    return joined(matricesOf(a).map(product));
  },
  axpy({ alpha, x, y }) {
    const sum = Float64Array.from(y.storage);
    axpy(alpha, x.storage, sum);
    return sum;
  },
  scale({ alpha, x }) {
    const values = Float64Array.from(x.storage);
    scale(alpha, values);
    return values;
  },
  map2({ kind, x, y }) {
    const combine = COMBINATIONS[kind];
    return Float64Array.from(x.storage, (value, i) => combine(value, y.storage[i]));
  },
  reduce: ({ kind, x, axis }) => reduceLines(kind, x, axis),
  gram: ({ x }, engine) => joined(matricesOf(x).map((matrix) => engine.gram(strided(matrix)))),
  transpose: ({ x }) => transpose(matrixOf(x)).data,
};

/** The matrices of a stack, or the one there is. */
function matricesOf(tensor: Tensor<ReferenceStorage>): Matrix[] {
  if (tensor.shape.length === 2) return [matrixOf(tensor)];
  const [count, rows, cols] = tensor.shape;
  const part = (i: number): ReferenceStorage =>
    tensor.storage.subarray(i * rows * cols, (i + 1) * rows * cols);
  return Array.from({ length: count }, (_, i) => ({ rows, cols, data: part(i) }));
}

/** Their values one after the other. */
function joined(matrices: readonly Matrix[]): ReferenceStorage {
  if (matrices.length === 1) return matrices[0].data;
  const values = new Float64Array(matrices.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of matrices) {
    values.set(data, at);
    at += data.length;
  }
  return values;
}

function matrixOf({ shape, storage }: Tensor<ReferenceStorage>): Matrix {
  return { rows: shape[0], cols: shape[1], data: storage };
}

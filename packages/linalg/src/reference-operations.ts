import type { Map2Kind, Ops, Tensor } from "@lora/tensor";
import { transpose } from "./arrange.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { axpy } from "./ops/axpy.ts";
import { gram } from "./ops/gram.ts";
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
  readonly [O in keyof Ops]: (args: Ops<ReferenceStorage>[O]) => ReferenceStorage;
} = {
  gemm({ a, b, ...options }) {
    const as = a.dtype === "f32" ? "f32" : "f64";
    return multiply(matrixOf(a), matrixOf(b), { ...options, as }).data;
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
  gram: ({ x }) => gram(strided(matrixOf(x))).data,
  transpose: ({ x }) => transpose(matrixOf(x)).data,
};

function matrixOf({ shape, storage }: Tensor<ReferenceStorage>): Matrix {
  return { rows: shape[0], cols: shape[1], data: storage };
}

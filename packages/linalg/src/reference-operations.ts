import type { Map2Kind, Ops } from "@lora/tensor";
import { sameShape } from "@lora/tensor";
import { transpose } from "./arrange.ts";
import { multiply } from "./multiply.ts";
import { axpy } from "./ops/axpy.ts";
import { gram } from "./ops/gram.ts";
import { scale } from "./ops/scale.ts";
import { strided } from "./ops/strided.ts";
import type { Operand, ReferenceOperation, ReferenceStorage } from "./reference-operation.ts";
import { matrixOf, matrixProblem, misfit, storedLike, typeProblem } from "./reference-operation.ts";
import { reduce } from "./reference-reduce.ts";

type Operations = { readonly [O in keyof Ops]: ReferenceOperation<Ops<ReferenceStorage>[O]> };

const gemm: Operations["gemm"] = {
  problem({ a, b, transA, transB }) {
    if (a.shape.length !== 2 || b.shape.length !== 2) return misfit("gemm takes two matrices", a, b);
    if (a.shape[transA === true ? 0 : 1] !== b.shape[transB === true ? 1 : 0]) {
      return misfit("the inner sizes of gemm differ", a, b);
    }
    return typeProblem("gemm", a, b);
  },
  run({ a, b, ...options }) {
    const product = multiply(matrixOf(a), matrixOf(b), { ...options, as: a.dtype === "f32" ? "f32" : "f64" });
    return { storage: product.data, shape: [product.rows, product.cols] };
  },
};

const scaledSum: Operations["axpy"] = {
  problem: ({ x, y }) => pairProblem("axpy", x, y),
  run({ alpha, x, y }) {
    const sum = Float64Array.from(y.storage);
    axpy(alpha, x.storage, sum);
    return { storage: storedLike(x, sum), shape: x.shape };
  },
};

const scaled: Operations["scale"] = {
  problem: ({ x }) => typeProblem("scale", x),
  run({ alpha, x }) {
    const values = Float64Array.from(x.storage);
    scale(alpha, values);
    return { storage: storedLike(x, values), shape: x.shape };
  },
};

const COMBINATIONS: Readonly<Record<Map2Kind, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
};

const map2: Operations["map2"] = {
  problem: ({ x, y }) => pairProblem("map2", x, y),
  run({ kind, x, y }) {
    const combine = COMBINATIONS[kind];
    const values = Float64Array.from(x.storage, (value, i) => combine(value, y.storage[i]));
    return { storage: storedLike(x, values), shape: x.shape };
  },
};

const gramMatrix: Operations["gram"] = {
  problem: ({ x }) => matrixProblem("gram", x),
  run: ({ x }) => {
    const product = gram(strided(matrixOf(x)));
    return { storage: storedLike(x, product.data), shape: [product.rows, product.cols] };
  },
};

const transposed: Operations["transpose"] = {
  problem: ({ x }) => matrixProblem("transpose", x),
  run: ({ x }) => {
    const { rows, cols, data } = transpose(matrixOf(x));
    return { storage: storedLike(x, data), shape: [rows, cols] };
  },
};

/** What the reference backend can do, by name. */
export const referenceOperations: Operations = {
  gemm,
  axpy: scaledSum,
  scale: scaled,
  map2,
  reduce,
  gram: gramMatrix,
  transpose: transposed,
};

function pairProblem(op: string, x: Operand, y: Operand): ReturnType<typeof misfit> | undefined {
  return sameShape(x.shape, y.shape) ? typeProblem(op, x, y) : misfit(`${op} takes equal shapes`, x, y);
}

import type { Ops, Shape, Tensor } from "@lora/tensor";
import { LoraError, sameShape, shapeText } from "@lora/tensor";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { axpy } from "./ops/axpy.ts";

/** Where the reference backend keeps values. */
export type ReferenceStorage = Matrix["data"];

/** One operation of the reference backend. */
export interface ReferenceOperation<Args> {
  /** Why these arguments are refused; `undefined` when they are not. */
  problem(args: Args): LoraError | undefined;
  run(args: Args): { readonly storage: ReferenceStorage; readonly shape: Shape };
}

type Operand = Tensor<ReferenceStorage>;

const gemm: ReferenceOperation<Ops<ReferenceStorage>["gemm"]> = {
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

const scaledSum: ReferenceOperation<Ops<ReferenceStorage>["axpy"]> = {
  problem: ({ x, y }) =>
    sameShape(x.shape, y.shape) ? typeProblem("axpy", x, y) : misfit("axpy takes equal shapes", x, y),
  run({ alpha, x, y }) {
    const sum = Float64Array.from(y.storage);
    axpy(alpha, x.storage, sum);
    return { storage: x.dtype === "f32" ? Float32Array.from(sum) : sum, shape: x.shape };
  },
};

/** What the reference backend can do, by name. */
export const referenceOperations: {
  readonly [O in keyof Ops]: ReferenceOperation<Ops<ReferenceStorage>[O]>;
} = {
  gemm,
  axpy: scaledSum,
};

function matrixOf({ shape, storage }: Operand): Matrix {
  return { rows: shape[0], cols: shape[1], data: storage };
}

function misfit(rule: string, a: Operand, b: Operand): LoraError {
  return new LoraError("SHAPE", `${rule}: ${shapeText(a.shape)} and ${shapeText(b.shape)}`, {
    shapes: [a.shape, b.shape],
  });
}

function typeProblem(op: string, a: Operand, b: Operand): LoraError | undefined {
  if (a.dtype === b.dtype && a.dtype !== "f16") return undefined;
  return new LoraError("UNSUPPORTED", `${op} calculates in f32 or f64, not in ${a.dtype} with ${b.dtype}`, {
    dtypes: [a.dtype, b.dtype],
  });
}

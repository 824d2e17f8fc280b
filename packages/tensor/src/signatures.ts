import type { Ops } from "./backend.ts";
import { LoraError } from "./errors.ts";
import type { Shape } from "./shapes.ts";
import { sameShape, shapeText } from "./shapes.ts";
import type { Tensor } from "./tensors.ts";

/** What holds for an operation on every backend. */
export interface Signature<Args> {
  /** The tensors among the arguments. */
  tensors(args: Args): readonly Tensor[];
  /** Why the shapes do not fit the operation or each other; `undefined` when they do. */
  problem(args: Args): LoraError | undefined;
  /** The shape of the result, of arguments that have no problem. */
  shape(args: Args): Shape;
}

/** The signature of each operation, for those who write a backend. */
export const signatures: { readonly [O in keyof Ops]: Signature<Ops[O]> } = {
  gemm: {
    tensors: ({ a, b }) => [a, b],
    problem({ a, b, transA, transB }) {
      if (!areMatrices(a) || a.shape.length !== b.shape.length)
        return misfit("gemm takes two matrices", a, b);
      if (a.shape.length === 3 && a.shape[0] !== b.shape[0]) return misfit("the stacks of gemm differ", a, b);
      const fits = a.shape.at(transA === true ? -2 : -1) === b.shape.at(transB === true ? -1 : -2);
      return fits ? undefined : misfit("the inner sizes of gemm differ", a, b);
    },
    shape: ({ a, b, transA, transB }) => [
      ...a.shape.slice(0, -2),
      a.shape.at(transA === true ? -1 : -2)!,
      b.shape.at(transB === true ? -2 : -1)!,
    ],
  },
  axpy: pair("axpy"),
  map2: pair("map2"),
  scale: { tensors: ({ x }) => [x], problem: () => undefined, shape: ({ x }) => x.shape },
  reduce: {
    tensors: ({ x }) => [x],
    problem: ({ x, axis }) =>
      axis === undefined || x.shape.length === 2
        ? undefined
        : misfit("reduce over an axis takes a matrix", x),
    shape: ({ x, axis }) => (axis === undefined ? [] : [x.shape[1 - axis]!]),
  },
  gram: {
    tensors: ({ x }) => [x],
    problem: ({ x }) => (areMatrices(x) ? undefined : misfit("gram takes a matrix", x)),
    shape: ({ x }) => [...x.shape.slice(0, -2), x.shape.at(-1)!, x.shape.at(-1)!],
  },
  transpose: {
    tensors: ({ x }) => [x],
    problem: ({ x }) => (x.shape.length === 2 ? undefined : misfit("transpose takes a matrix", x)),
    shape: ({ x }) => [x.shape[1]!, x.shape[0]!],
  },
};

/** Two tensors of one shape, which is that of the result. */
function pair(op: string): Signature<{ readonly x: Tensor; readonly y: Tensor }> {
  return {
    tensors: ({ x, y }) => [x, y],
    problem: ({ x, y }) =>
      sameShape(x.shape, y.shape) ? undefined : misfit(`${op} takes equal shapes`, x, y),
    shape: ({ x }) => x.shape,
  };
}

/** A matrix, or a stack of them. */
function areMatrices({ shape }: Tensor): boolean {
  return shape.length === 2 || shape.length === 3;
}

function misfit(rule: string, ...tensors: readonly Tensor[]): LoraError {
  const shapes = tensors.map(({ shape }) => shape);
  return new LoraError("SHAPE", `${rule}: ${shapes.map(shapeText).join(" and ")}`, { shapes });
}

import type { ComputeDType } from "./dtypes.ts";
import type { Tensor, TensorSpec } from "./tensors.ts";

/** The operations a backend may offer, by name, with their arguments. What composes of them lives in linalg. */
export interface Ops<S = unknown> {
  /**
   * `alpha · op(a) · op(b)` of two matrices, or of each two of equally many: stacks of shape [count, rows, columns].
   * `op` transposes where asked. `alpha` is 1 when left out.
   */
  gemm: {
    readonly a: Tensor<S>;
    readonly b: Tensor<S>;
    readonly transA?: boolean;
    readonly transB?: boolean;
    readonly alpha?: number;
  };
  /** `alpha · x + y`, element by element, of two tensors of one shape. */
  axpy: { readonly alpha: number; readonly x: Tensor<S>; readonly y: Tensor<S> };
  /** `alpha · x`, element by element. */
  scale: { readonly alpha: number; readonly x: Tensor<S> };
  /** `x + y`, `x − y` or `x · y`, element by element, of two tensors of one shape. */
  map2: { readonly kind: Map2Kind; readonly x: Tensor<S>; readonly y: Tensor<S> };
  /**
   * One value from many, in an order that depends on the shape alone. Without `axis` over all elements, a scalar;
   * otherwise over that axis of a matrix, which leaves the other: 0 gives a value for each column, 1 for each row.
   * Of no elements it is 0. A NaN among them gives NaN.
   */
  reduce: { readonly kind: ReduceKind; readonly x: Tensor<S>; readonly axis?: 0 | 1 };
  /** `xᵀ · x` of a matrix, or of each of a stack: symmetric to the last bit. */
  gram: { readonly x: Tensor<S> };
  /** `xᵀ` of a matrix, as a copy. Products take `transA` and `transB` instead. */
  transpose: { readonly x: Tensor<S> };
}

/** What `map2` does with two elements. */
export type Map2Kind = "add" | "subtract" | "multiply";

/** What `reduce` makes of many elements; `maxAbsolute` is the largest magnitude. */
export type ReduceKind = "sum" | "sumOfSquares" | "maxAbsolute";

/**
 * A place where tensors live and are calculated with. Operations are named, not methods, so that a new
 * operation breaks no backend; `supports` says what is there.
 */
export interface Backend<S = unknown> {
  readonly id: string;
  /** Whether `run` would accept these arguments. Never throws. */
  supports<O extends keyof Ops>(op: O, args: Ops<S>[O]): boolean;
  /**
   * Queues an operation and returns its result at once.
   *
   * @throws LoraError SHAPE when the arguments do not fit each other; UNSUPPORTED when `supports` is false
   */
  run<O extends keyof Ops>(op: O, args: Ops<S>[O]): Tensor<S>;
  /**
   * Brings stored values into this backend's memory, decoding them from `from.dtype` to `as`.
   *
   * @throws LoraError SHAPE when the bytes do not match the shape; DTYPE when the type cannot be decoded
   */
  upload(bytes: Uint8Array, from: TensorSpec, as: ComputeDType): Tensor<S>;
  /** The values of a tensor. The only call that waits. */
  download(tensor: Tensor<S>): Promise<Float32Array | Float64Array>;
}

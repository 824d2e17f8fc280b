import type { ComputeDType } from "./dtypes.ts";
import type { Tensor, TensorSpec } from "./tensors.ts";

/** The operations a backend may offer, by name, with their arguments. What composes of them lives in linalg. */
export interface Ops<S = unknown> {
  /** `alpha · op(a) · op(b)` of two matrices; `op` transposes where asked. `alpha` is 1 when left out. */
  gemm: {
    readonly a: Tensor<S>;
    readonly b: Tensor<S>;
    readonly transA?: boolean;
    readonly transB?: boolean;
    readonly alpha?: number;
  };
  /** `alpha · x + y`, element by element, of two tensors of one shape. */
  axpy: { readonly alpha: number; readonly x: Tensor<S>; readonly y: Tensor<S> };
}

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

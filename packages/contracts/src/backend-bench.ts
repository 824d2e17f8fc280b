import type { Matrix } from "@lora/linalg";
import { type Backend, type ComputeDType, encode, type Shape, type Tensor } from "@lora/tensor";

/** How the parts of the backend suite reach the backend. */
export interface Subject<S> {
  readonly open: () => Promise<Backend<S>>;
  readonly dtype: ComputeDType;
}

/** The relative rounding error of one operation. */
export const UNIT_ROUNDOFF: Readonly<Record<ComputeDType, number>> = {
  f64: 2 ** -53,
  f32: 2 ** -24,
  f16: 2 ** -11,
};

/** A backend with matrices and values going up and coming down. */
export interface Bench<S> {
  readonly backend: Backend<S>;
  put(a: Matrix): Tensor<S>;
  putShaped(values: ArrayLike<number>, shape: Shape): Tensor<S>;
  /** The values; the tensor is disposed. */
  take(tensor: Tensor<S>): Promise<number[]>;
}

/** Opens a backend to work on. */
export async function bench<S>({ open, dtype }: Subject<S>): Promise<Bench<S>> {
  const backend = await open();
  const putShaped: Bench<S>["putShaped"] = (values, shape) =>
    backend.upload(encode(values, dtype), { dtype, shape }, dtype);
  return {
    backend,
    putShaped,
    put: ({ rows, cols, data }) => putShaped(data, [rows, cols]),
    async take(tensor) {
      const values = [...(await backend.download(tensor))];
      tensor.dispose();
      return values;
    },
  };
}

/** Every choice of transposed operands. */
export const TRANSPOSITIONS: readonly { readonly transA: boolean; readonly transB: boolean }[] = [
  false,
  true,
].flatMap((transA) => [false, true].map((transB) => ({ transA, transB })));

/** Values the dtype holds exactly, so that only the operation is judged. */
export function roundedLike(a: Matrix, dtype: ComputeDType): Matrix {
  if (dtype === "f64") return a;
  return { ...a, data: Float64Array.from(a.data, (value) => Math.round(value * 64) / 64) };
}

export function absolute(a: Matrix): Matrix {
  return { ...a, data: a.data.map(Math.abs) };
}

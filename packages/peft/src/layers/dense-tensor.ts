import type { Matrix } from "@lora/linalg";
import type { DType, LazyTensor, Shape } from "@lora/tensor";
import { elementCount, LoraError, readValues, shapeText, tensorOfValues } from "@lora/tensor";

/** Values in memory, row-major: what goes into a layer and what comes out of it. */
export interface DenseTensor {
  readonly shape: Shape;
  readonly data: Matrix["data"];
}

/** Values in memory, and the type that they are stored in. All of them are values of that type. */
export interface TypedTensor extends DenseTensor {
  readonly dtype: DType;
}

/**
 * Values with a shape. Typed arrays are kept without a copy; numbers become doubles.
 *
 * @throws LoraError SHAPE when there are more or fewer than the shape says
 */
export function denseTensor(shape: Shape, values: Matrix["data"] | readonly number[]): DenseTensor {
  if (values.length !== elementCount(shape)) {
    throw new LoraError(
      "SHAPE",
      `a tensor of ${shapeText(shape)} holds ${elementCount(shape)} values, not ${values.length}`,
      {
        shape,
        values: values.length,
      },
    );
  }
  return { shape, data: ArrayBuffer.isView(values) ? values : Float64Array.from(values) };
}

/** Doubles as `f64`, singles as `f32`: the type that holds the values as they are. */
export function typedTensor(tensor: DenseTensor): TypedTensor {
  return { ...tensor, dtype: tensor.data instanceof Float64Array ? "f64" : "f32" };
}

/** Reads a stored tensor whole. Singles hold every stored float type but `f64`. */
export async function loadTensor(tensor: LazyTensor, signal?: AbortSignal): Promise<TypedTensor> {
  const as = tensor.dtype === "f64" ? "f64" : "f32";
  return { dtype: tensor.dtype, shape: tensor.shape, data: await readValues(tensor, { as, signal }) };
}

/** The same values, ready to be written to a file. */
export function storedTensor(tensor: TypedTensor): LazyTensor {
  return tensorOfValues(tensor.data, tensor.dtype, tensor.shape);
}

/** An array like `data`, of another length. */
export function arrayLike(data: Matrix["data"], length: number): Matrix["data"] {
  return data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

/** `f32` for singles, `f64` for doubles: what a product keeps to stay of the type of its input. */
export function precisionOf(data: Matrix["data"]): "f32" | "f64" {
  return data instanceof Float64Array ? "f64" : "f32";
}

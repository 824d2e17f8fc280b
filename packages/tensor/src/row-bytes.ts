import { DTYPES } from "./dtypes.ts";
import { LoraError } from "./errors.ts";
import { elementCount, shapeText } from "./shapes.ts";
import type { LazyTensor, RowRange, TensorSpec } from "./tensors.ts";

/**
 * How many bytes the values of a tensor take, dense.
 *
 * @throws LoraError DTYPE for `opaque`, whose element size nobody knows; SHAPE when rows do not fill the
 *   blocks of a quantised type
 */
export function byteCount(spec: TensorSpec): number {
  if (spec.dtype === "opaque") {
    throw new LoraError("DTYPE", "the size of an opaque tensor does not follow from its shape", {
      shape: spec.shape,
    });
  }
  const { bits, block } = DTYPES[spec.dtype];
  const last = spec.shape.at(-1) ?? 1;
  if (last % block !== 0) {
    throw new LoraError(
      "SHAPE",
      `${shapeText(spec.shape)} of ${spec.dtype} does not fill blocks of ${block} along its last axis`,
      { shape: spec.shape, dtype: spec.dtype },
    );
  }
  return (elementCount(spec.shape) * bits) / 8;
}

/**
 * Where rows of a tensor lie among its bytes, `to` exclusive; all of it when `rows` is left out.
 *
 * @throws LoraError SHAPE when the tensor has no such rows, or cannot be cut into rows, or not there: a
 *   quantised vector only between blocks
 */
export function rowBytes(
  tensor: Pick<LazyTensor, "dtype" | "shape" | "byteLength">,
  rows?: RowRange,
): readonly [from: number, to: number] {
  if (rows === undefined) return [0, tensor.byteLength];
  const [from, to] = rows;
  const [count] = tensor.shape;
  if (count === undefined || tensor.dtype === "opaque") {
    const what = tensor.dtype === "opaque" ? "an opaque tensor" : "a scalar";
    throw new LoraError("SHAPE", `${what} has no rows: it can only be read whole`, { rows });
  }
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || from > to || to > count) {
    throw new LoraError(
      "SHAPE",
      `rows ${from} to ${to} of a tensor with ${count} rows (${shapeText(tensor.shape)})`,
      {
        rows,
        shape: tensor.shape,
      },
    );
  }
  const { block } = DTYPES[tensor.dtype];
  if (tensor.shape.length === 1 && (from % block !== 0 || to % block !== 0)) {
    throw new LoraError(
      "SHAPE",
      `rows ${from} to ${to} of a vector of ${tensor.dtype} cut through a block of ${block}`,
      { rows },
    );
  }
  const size = count === 0 ? 0 : tensor.byteLength / count;
  return [from * size, to * size];
}

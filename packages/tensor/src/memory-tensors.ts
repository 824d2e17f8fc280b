import { encode } from "./decode.ts";
import type { DType } from "./dtypes.ts";
import { LoraError } from "./errors.ts";
import { byteCount, rowBytes } from "./row-bytes.ts";
import type { Shape } from "./shapes.ts";
import { elementCount, shapeText } from "./shapes.ts";
import type { LazyTensor, TensorFile } from "./tensors.ts";

/**
 * A tensor of values in memory, encoded at once.
 *
 * @param values row-major
 * @throws LoraError SHAPE when there are more or fewer than the shape says; and as `encode` does
 */
export function tensorOfValues(values: ArrayLike<number>, dtype: DType, shape: Shape): LazyTensor {
  if (values.length !== elementCount(shape)) {
    throw new LoraError(
      "SHAPE",
      `${shapeText(shape)} takes ${elementCount(shape)} values, not the ${values.length} given`,
      { shape, values: values.length },
    );
  }
  return tensorOfBytes(encode(values, dtype), dtype, shape);
}

/**
 * A tensor of stored bytes in memory. Keeps `bytes` without a copy; each read gives a copy, which the
 * caller may keep, change or transfer.
 *
 * @param storedAs the name that a file gives to a type that is `opaque` here
 * @throws LoraError SHAPE when the bytes are not those of the shape
 */
export function tensorOfBytes(bytes: Uint8Array, dtype: DType, shape: Shape, storedAs?: string): LazyTensor {
  if (dtype !== "opaque" && bytes.length !== byteCount({ dtype, shape })) {
    throw new LoraError(
      "SHAPE",
      `${shapeText(shape)} of ${dtype} takes ${byteCount({ dtype, shape })} bytes, not the ${bytes.length} given`,
      { dtype, shape, bytes: bytes.length },
    );
  }
  const spec = { dtype, shape, byteLength: bytes.length };
  return {
    ...spec,
    ...(storedAs === undefined ? {} : { storedAs }),
    async bytes(rows) {
      // `slice` of a Node Buffer would be a view.
      return new Uint8Array(bytes.subarray(...rowBytes(spec, rows)));
    },
  };
}

/** What a checkpoint in memory is made of; left out is empty. */
export interface TensorFileParts {
  readonly name: string;
  readonly tensors: Iterable<readonly [name: string, tensor: LazyTensor]>;
  readonly metadata?: Iterable<readonly [key: string, value: string]> | undefined;
  readonly sidecars?: Iterable<readonly [fileName: string, text: string]> | undefined;
}

/** A checkpoint put together in memory, in the order given. */
export function tensorFile(parts: TensorFileParts): TensorFile {
  return {
    name: parts.name,
    tensors: new Map(parts.tensors),
    metadata: new Map(parts.metadata),
    sidecars: new Map(parts.sidecars),
  };
}

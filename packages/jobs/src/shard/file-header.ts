import {
  DTYPES,
  type DType,
  elementCount,
  type LazyTensor,
  LoraError,
  rowBytes,
  type Shape,
  type TensorFile,
} from "@lora/tensor";

/** Name, type, shape, bytes; then the name of an opaque type, and the values of a single number in base64. */
type TensorHeader = readonly [
  name: string,
  dtype: DType,
  shape: Shape,
  bytes: number,
  storedAs: string | null,
  value: string | null,
];

/** What a checkpoint says before its values are read: plain data. */
export interface FileHeader {
  readonly name: string;
  readonly format: string | null;
  readonly bytes: number | null;
  readonly tensors: readonly TensorHeader[];
  readonly metadata: readonly (readonly [string, string])[];
  readonly sidecars: readonly (readonly [string, string])[];
  readonly shards: readonly (readonly [string, string])[] | null;
}

/**
 * The header of a checkpoint with the values of its single numbers (alphas): enough to plan every job on it.
 *
 * @param withNumbers read single numbers; a base model needs none
 */
export async function headerOf(
  file: TensorFile,
  { withNumbers, signal }: { readonly withNumbers: boolean; readonly signal?: AbortSignal | undefined },
): Promise<FileHeader> {
  const tensors: TensorHeader[] = [];
  for (const [name, tensor] of file.tensors) {
    const { dtype, shape, byteLength, storedAs = null } = tensor;
    const isNumber = withNumbers && DTYPES[dtype].kind !== "opaque" && elementCount(shape) === 1;
    const value = isNumber ? btoa(String.fromCharCode(...(await tensor.bytes(undefined, signal)))) : null;
    tensors.push([name, dtype, shape, byteLength, storedAs, value]);
  }
  return {
    name: file.name,
    format: file.format ?? null,
    bytes: file.byteLength ?? null,
    tensors,
    metadata: [...file.metadata],
    sidecars: [...file.sidecars],
    shards: file.shards === undefined ? null : [...file.shards],
  };
}

/** A checkpoint of which only the header is there. */
export function fileOfHeader({ name, format, bytes, tensors, shards, ...texts }: FileHeader): TensorFile {
  return {
    name,
    ...(format === null ? {} : { format }),
    ...(bytes === null ? {} : { byteLength: bytes }),
    tensors: new Map(tensors.map((tensor) => [tensor[0], tensorOfHeader(tensor)])),
    metadata: new Map(texts.metadata),
    sidecars: new Map(texts.sidecars),
    ...(shards === null ? {} : { shards: new Map(shards) }),
  };
}

function tensorOfHeader([name, dtype, shape, byteLength, storedAs, value]: TensorHeader): LazyTensor {
  const spec = { dtype, shape, byteLength };
  return {
    ...spec,
    ...(storedAs === null ? {} : { storedAs }),
    async bytes(rows) {
      if (value === null) throw onlyHeader(name);
      return Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0)).slice(...rowBytes(spec, rows));
    },
  };
}

function onlyHeader(tensor: string): LoraError {
  return new LoraError("MISSING", "the parts do not tell what was found of this tensor", {
    tensor,
    advice: "make the parts again: they are of another version, or were changed",
  });
}

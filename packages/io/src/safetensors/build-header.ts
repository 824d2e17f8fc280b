import type { LazyTensor } from "@lora/tensor";
import { LoraError, byteCount, shapeText } from "@lora/tensor";
import { LENGTH_BYTES, MAX_HEADER_BYTES } from "./header-text.ts";
import { METADATA_KEY } from "./header.ts";
import { storedName } from "./stored-types.ts";

/** What the size and place of a tensor in a file depend on; `byteLength` only where the type is opaque. */
export type StoredSpec = Pick<LazyTensor, "dtype" | "shape" | "storedAs"> & { readonly byteLength?: number };

/** The bytes in front of the data, and how many bytes of data follow. */
export interface BuiltHeader {
  /** The length, the JSON text, and spaces up to a multiple of 8. */
  readonly bytes: Uint8Array;
  readonly dataBytes: number;
}

/**
 * The header of a file with these tensors, one behind the other in the order given.
 *
 * @throws LoraError SHAPE when a tensor's `byteLength` is not that of its shape; DTYPE when an opaque one
 *   has no name or size; USAGE when a tensor has the name of the metadata, or the header gets too long
 */
export function buildHeader(
  specs: Iterable<readonly [name: string, spec: StoredSpec]>,
  metadata: ReadonlyMap<string, string>,
): BuiltHeader {
  const parts = metadata.size === 0 ? [] : [`${JSON.stringify(METADATA_KEY)}:${objectText(metadata)}`];
  let end = 0;
  for (const [name, spec] of specs) {
    const start = end;
    end += storedBytes(name, spec);
    parts.push(entryText(name, spec, [start, end]));
  }
  return { bytes: framed(`{${parts.join(",")}}`), dataBytes: end };
}

/** What a header says of one tensor. */
export function entryText(name: string, spec: StoredSpec, offsets: readonly number[]): string {
  const fields = { dtype: storedName(name, spec), shape: spec.shape, data_offsets: offsets };
  return `${JSON.stringify(name)}:${JSON.stringify(fields)}`;
}

/**
 * Bytes of a tensor in a file.
 *
 * @throws LoraError as `buildHeader` does
 */
export function storedBytes(name: string, spec: StoredSpec): number {
  if (name === METADATA_KEY) {
    throw new LoraError("USAGE", `a tensor cannot be called ${METADATA_KEY}`, { tensor: name });
  }
  if (spec.dtype === "opaque") {
    if (spec.byteLength !== undefined) return spec.byteLength;
    throw new LoraError("DTYPE", "the size of an opaque tensor has to be given", { tensor: name });
  }
  const bytes = byteCount(spec);
  if (spec.byteLength === undefined || spec.byteLength === bytes) return bytes;
  throw new LoraError(
    "SHAPE",
    `${shapeText(spec.shape)} of ${spec.dtype} takes ${bytes} bytes, and the tensor says ${spec.byteLength}`,
    { tensor: name },
  );
}

/** JSON of string pairs in their order, also where keys look like numbers. */
function objectText(pairs: ReadonlyMap<string, string>): string {
  const texts = Array.from(pairs, ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${texts.join(",")}}`;
}

function framed(text: string): Uint8Array {
  const json = new TextEncoder().encode(text);
  const length = paddedLength(json.length);
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}

/**
 * Length of a header with the spaces behind it.
 *
 * @throws LoraError USAGE when the format allows none so long
 */
export function paddedLength(jsonBytes: number): number {
  const length = Math.ceil(jsonBytes / 8) * 8;
  if (length <= MAX_HEADER_BYTES) return length;
  throw new LoraError(
    "USAGE",
    `the header takes ${length} bytes, and the format allows ${MAX_HEADER_BYTES}`,
    {
      advice: "write the tensors to several files, or shorten the metadata",
    },
  );
}

import type { DType, Shape } from "@lora/tensor";
import { LoraError, elementCount, shapeText } from "@lora/tensor";
import type { GgufHeader, TensorInfo } from "./read-header.ts";
import type { TensorType } from "./tensor-types.ts";
import { TENSOR_TYPES, opaqueName } from "./tensor-types.ts";

/** A tensor and where it lies in the file. */
export interface TensorPlace {
  readonly name: string;
  readonly dtype: DType;
  readonly storedAs?: string | undefined;
  readonly shape: Shape;
  readonly start: number;
  readonly byteLength: number;
  /** Bytes of an element that have to be turned around. */
  readonly swapped?: number | undefined;
}

/**
 * The tensors in the order of their data, each checked against the file and its neighbours. ggml counts axes from
 * the innermost; here they are outermost first. Quantised blocks of big-endian files are opaque: their scales are
 * stored the other way around, and everything else is not.
 *
 * @throws LoraError FORMAT when a tensor is not aligned, does not fill its blocks, overlaps another or reaches past
 *   the end; UNSUPPORTED for a type that ggml does not have any more, or yet
 */
export function placeTensors(header: GgufHeader, fileBytes: number): TensorPlace[] {
  const places = header.infos.map((info) => placeOf(info, header)).sort((a, b) => a.start - b.start);
  let end = header.dataStart;
  for (const { name, start, byteLength } of places) {
    if (byteLength === 0) continue;
    if (start < end) {
      throw new LoraError("FORMAT", `the tensor starts at byte ${start}, inside what ends at ${end}`, {
        tensor: name,
      });
    }
    end = start + byteLength;
    if (end > fileBytes) {
      throw new LoraError("FORMAT", `the tensor ends at byte ${end} of a file of ${fileBytes}`, {
        tensor: name,
        advice: "the file was cut off: copy or download it again",
      });
    }
  }
  return places;
}

function placeOf({ name, sizes, type: id, from }: TensorInfo, header: GgufHeader): TensorPlace {
  const type = TENSOR_TYPES.find((candidate) => candidate.id === id);
  if (type === undefined) {
    throw new LoraError("UNSUPPORTED", `the tensor has type ${id} of ggml, which is not known`, {
      tensor: name,
    });
  }
  if (from % header.alignment !== 0) {
    throw new LoraError(
      "FORMAT",
      `the tensor starts at byte ${from} of the data, no multiple of ${header.alignment}`,
      {
        tensor: name,
      },
    );
  }
  const shape = sizes.toReversed();
  const byteLength = bytesOf(name, type, shape);
  const place = { name, shape, start: header.dataStart + from, byteLength };
  if (type.dtype === "opaque" || (header.bigEndian && type.block > 1)) {
    return { ...place, dtype: "opaque", storedAs: opaqueName(type) };
  }
  return {
    ...place,
    dtype: type.dtype,
    swapped: header.bigEndian && type.bytes > 1 ? type.bytes : undefined,
  };
}

function bytesOf(name: string, { block, bytes, name: stored }: TensorType, shape: Shape): number {
  const count = elementCount(shape);
  if ((shape.at(-1) ?? 1) % block === 0 && Number.isSafeInteger(count * bytes))
    return (count / block) * bytes;
  throw new LoraError("FORMAT", `${shapeText(shape)} of ${stored} does not fill blocks of ${block}`, {
    tensor: name,
  });
}

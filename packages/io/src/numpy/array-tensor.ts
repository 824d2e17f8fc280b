import type { LazyTensor } from "@lora/tensor";
import { LoraError, elementCount } from "@lora/tensor";
import { parsePrefix } from "../parse/parse-prefix.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { sectionSource } from "../sources/section-source.ts";
import { stridedTensor } from "../strided/strided-tensor.ts";
import { denseStrides } from "../strided/strided-view.ts";
import { parseNpyHeader } from "./npy-header.ts";

/** The header of almost every array takes 128 bytes. */
const FIRST_BYTES = 256;

/**
 * An array of NumPy as a tensor: reads its header. In the order of Fortran, rows are gathered on reading.
 *
 * @throws LoraError FORMAT when the header is broken, or the elements are more or fewer than it says; UNSUPPORTED
 *   when they are no numbers
 */
export async function arrayTensor(
  source: ByteSource,
  name: string,
  signal?: AbortSignal,
): Promise<LazyTensor> {
  const prefix = { what: "the array", firstBytes: FIRST_BYTES, parse: parseNpyHeader };
  const { dataStart, fortran, ...type } = await parsePrefix(source, prefix, signal);
  const bytes = elementCount(type.shape) * type.itemBytes;
  const held = source.size - dataStart;
  if (bytes !== held) {
    throw new LoraError("FORMAT", `the array takes ${bytes} bytes, and ${held} follow its header`, {
      shape: type.shape,
    });
  }
  const strides = fortran ? denseStrides(type.shape.toReversed()).toReversed() : denseStrides(type.shape);
  return stridedTensor(
    { ...type, storage: sectionSource(source, dataStart, held), strides, offset: 0 },
    name,
  );
}

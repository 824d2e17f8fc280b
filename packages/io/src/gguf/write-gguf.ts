import type { JobContext, LazyTensor } from "@lora/tensor";
import { LoraError, checkAborted, locate } from "@lora/tensor";
import { BLOCK_BYTES, blocksOf, pullBlock } from "../safetensors/blocks.ts";
import type { ByteSink } from "../sinks/byte-sink.ts";
import type { GgufValue } from "./gguf-value.ts";
import { HeaderBytes } from "./header-bytes.ts";
import { ALIGNMENT_KEY, DEFAULT_ALIGNMENT, MAGIC, MOST_AXES } from "./read-header.ts";
import type { TensorType } from "./tensor-types.ts";
import { TENSOR_TYPES, opaqueName } from "./tensor-types.ts";

/** What a GGUF file is made of, in the order it is written in. */
export interface GgufContent {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, LazyTensor>;
}

const VERSION = 3;
/** ggml's GGML_MAX_NAME, with the zero behind it. */
const NAME_BYTES = 64;

/**
 * Writes a GGUF file of version 3, little-endian, and returns the bytes it took. Pulls one tensor at a time, large
 * ones by rows of at most 64 MB. A LoRA for llama.cpp has the metadata `general.type` = `adapter`,
 * `general.architecture`, `adapter.type` = `lora` and `adapter.lora.alpha` (f32), and tensors called
 * `<name of the weight>.lora_a` and `.lora_b`. Committing the sink is left to the caller.
 *
 * @throws LoraError DTYPE when ggml has no such type; SHAPE when a tensor is empty, or has more than 4 axes; USAGE
 *   when its name is too long; NUMERIC when metadata do not fit their type; and what tensors and sink throw
 * @see llama.cpp, convert_lora_to_gguf.py for the names
 */
export async function writeGguf(
  sink: ByteSink,
  content: GgufContent,
  context: JobContext = {},
): Promise<number> {
  const alignment = alignmentOf(content.metadata);
  const padded = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
  const header = buildHeader(content, alignment);
  let total = header.length;
  for (const { byteLength } of content.tensors.values()) total += padded(byteLength);
  let position = 0;
  const append = async (bytes: Uint8Array): Promise<void> => {
    await sink.write(position, bytes);
    position += bytes.length;
    context.onProgress?.({ phase: "writing", done: position, total, unit: "bytes" });
  };
  checkAborted(context.signal);
  await append(header);
  for (const [name, tensor] of content.tensors) {
    await locate({ tensor: name }, async () => {
      for (const block of blocksOf([[name, tensor]], () => BLOCK_BYTES))
        await append(await pullBlock(block, context.signal));
      const gap = padded(position) - position;
      if (gap > 0) await append(new Uint8Array(gap));
    });
  }
  return total;
}

function alignmentOf(metadata: GgufContent["metadata"]): number {
  const value = metadata.get(ALIGNMENT_KEY);
  if (value === undefined) return DEFAULT_ALIGNMENT;
  if (value.type === "u32" && value.value >= 1 && Number.isInteger(Math.log2(value.value)))
    return value.value;
  throw new LoraError("USAGE", `${ALIGNMENT_KEY} takes a power of 2 of type u32`);
}

function buildHeader({ metadata, tensors }: GgufContent, alignment: number): Uint8Array {
  const header = new HeaderBytes();
  header.bytes(Uint8Array.from(MAGIC));
  header.u32(VERSION);
  header.u64(tensors.size);
  header.u64(metadata.size);
  for (const [key, value] of metadata) {
    header.text(key);
    header.value(value);
  }
  let from = 0;
  for (const [name, tensor] of tensors) {
    checkTensor(name, tensor);
    header.text(name);
    header.u32(tensor.shape.length);
    for (const size of tensor.shape.toReversed()) header.u64(size);
    header.u32(typeOf(name, tensor).id);
    header.u64(from);
    from += Math.ceil(tensor.byteLength / alignment) * alignment;
  }
  return header.finish(alignment);
}

/** What ggml itself refuses, or divides by zero on. */
function checkTensor(name: string, { shape }: LazyTensor): void {
  if (shape.length > MOST_AXES || shape.includes(0)) {
    throw new LoraError("SHAPE", `a GGUF file holds no tensor of the shape [${shape.join(", ")}]`, {
      tensor: name,
    });
  }
  if (new TextEncoder().encode(name).length < NAME_BYTES) return;
  throw new LoraError("USAGE", `a tensor's name takes less than ${NAME_BYTES} bytes in a GGUF file`, {
    tensor: name,
  });
}

function typeOf(name: string, { dtype, storedAs }: LazyTensor): TensorType {
  const type = TENSOR_TYPES.find((candidate) =>
    dtype === "opaque" ? opaqueName(candidate) === storedAs : candidate.dtype === dtype,
  );
  if (type !== undefined) return type;
  throw new LoraError("DTYPE", `ggml has no type for ${storedAs ?? dtype}`, {
    tensor: name,
    advice: "write it as f32, f16 or bf16",
  });
}

import type { LazyTensor, RowRange } from "@lora/tensor";
import { LoraError, checkAborted, rowBytes } from "@lora/tensor";

/** Most bytes pulled at once, where a tensor has rows to cut it into. */
const BLOCK_BYTES = 64 * 2 ** 20;

/**
 * The stored bytes of a tensor in order, by blocks of rows of at most 64 MB; whole where it is smaller,
 * scalar or opaque.
 *
 * @throws LoraError SHAPE when the tensor gives more or fewer bytes than it says; ABORTED
 */
export async function* blocksOf(tensor: LazyTensor, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const rows of rowBlocks(tensor)) {
    checkAborted(signal);
    const [from, to] = rowBytes(tensor, rows);
    const bytes = await tensor.bytes(rows, signal);
    if (bytes.length !== to - from) {
      const part = rows === undefined ? "the tensor" : `rows ${rows[0]} to ${rows[1]}`;
      throw new LoraError("SHAPE", `${part} gave ${bytes.length} bytes, and ${to - from} were promised`);
    }
    yield bytes;
  }
}

function* rowBlocks({ shape, dtype, byteLength }: LazyTensor): Generator<RowRange | undefined> {
  const [count = 0] = shape;
  if (byteLength <= BLOCK_BYTES || count === 0 || dtype === "opaque") {
    yield undefined;
    return;
  }
  const step = Math.max(1, Math.floor(BLOCK_BYTES / (byteLength / count)));
  for (let from = 0; from < count; from += step) yield [from, Math.min(count, from + step)];
}

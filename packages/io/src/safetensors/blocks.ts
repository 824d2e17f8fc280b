import type { FileTarget, LazyTensor, RowRange } from "@lora/tensor";
import { checkAborted, LoraError, locate, rowBytes } from "@lora/tensor";

/** Most bytes pulled at once, where a tensor has rows to cut it into. */
export const BLOCK_BYTES: number = 64 * 2 ** 20;

/** A part of a tensor that is pulled at once. */
export interface Block {
  readonly name: string;
  readonly tensor: LazyTensor;
  /** Left out: all of it. */
  readonly rows: RowRange | undefined;
  /** The first of its bytes among those of all. */
  readonly at: number;
}

/** The tensors in order, by blocks of rows of at most `mostOf` bytes; whole where one is smaller, scalar or opaque. */
export function* blocksOf(
  tensors: Iterable<readonly [name: string, tensor: LazyTensor]>,
  mostOf: (tensor: LazyTensor) => number,
): Generator<Block> {
  let start = 0;
  for (const [name, tensor] of tensors) {
    for (const rows of rowBlocks(tensor, mostOf(tensor)))
      yield { name, tensor, rows, at: start + rowBytes(tensor, rows)[0] };
    start += tensor.byteLength;
  }
}

function* rowBlocks({ shape, dtype, byteLength }: LazyTensor, most: number): Generator<RowRange | undefined> {
  const [count = 0] = shape;
  if (byteLength <= most || count === 0 || dtype === "opaque") {
    yield undefined;
    return;
  }
  const step = Math.max(1, Math.floor(most / (byteLength / count)));
  for (let from = 0; from < count; from += step) yield [from, Math.min(count, from + step)];
}

/**
 * The stored bytes of a block.
 *
 * @throws LoraError SHAPE when the tensor gives more or fewer bytes than it says; ABORTED
 */
export function pullBlock(
  { name, tensor, rows }: Block,
  signal: AbortSignal | undefined,
  into?: Uint8Array,
): Promise<Uint8Array> {
  return locate({ tensor: name }, async () => {
    checkAborted(signal);
    const [from, to] = rowBytes(tensor, rows);
    const bytes = await tensor.bytes(rows, signal, into);
    if (bytes.length === to - from) return bytes;
    const part = rows === undefined ? "the tensor" : `rows ${rows[0]} to ${rows[1]}`;
    throw new LoraError("SHAPE", `${part} gave ${bytes.length} bytes, and ${to - from} were promised`);
  });
}

/**
 * Lets a tensor write the rows of a block itself.
 *
 * @returns how many bytes they have
 * @throws LoraError ABORTED; and what the tensor throws
 */
export function writeBlock(
  { name, tensor, rows }: Block,
  target: FileTarget,
  signal: AbortSignal | undefined,
): Promise<number> {
  return locate({ tensor: name }, async () => {
    checkAborted(signal);
    const [from, to] = rowBytes(tensor, rows);
    await tensor.writeTo?.(rows ?? [0, tensor.shape[0] ?? 1], target, signal);
    return to - from;
  });
}

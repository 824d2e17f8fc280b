import type { JobContext, LazyTensor, TensorFile } from "@lora/tensor";
import { checkAborted } from "@lora/tensor";
import type { ByteSink } from "../sinks/byte-sink.ts";
import type { Block } from "./blocks.ts";
import { BLOCK_BYTES, blocksOf, pullBlock, writeBlock } from "./blocks.ts";
import { buildHeader } from "./build-header.ts";
import { sshsHashes, withHashPlaceholders } from "./hashes.ts";
import { inOrder } from "./in-order.ts";

/** Most bytes pulled at once where several blocks are made at once. */
const LANE_BYTES = 8 * 2 ** 20;

/** Most bytes that a tensor writes itself at once: what is prepared for each is then small beside them. */
const DIRECT_BYTES = 32 * 2 ** 20;

/** What is told about a write, and how many parts of tensors are made side by side. */
export interface WriteContext extends JobContext {
  /** Blocks that are made at once, the next ones while one is written. @default 1 */
  readonly lanes?: number | undefined;
}

/**
 * Writes a checkpoint as a safetensors file, in the order of its tensors, and returns the bytes it took:
 * those `safetensorsFileBytes` says. Pulls one tensor at a time, large ones by rows, so memory stays at
 * one block of 64 MB (or one tensor without rows); with `lanes`, at so many blocks of 8 MB. Where the metadata holds
 * `sshs_model_hash`, `sshs_legacy_hash` or `modelspec.hash_sha256` they are recalculated. Committing the sink is left to the caller.
 *
 * @throws LoraError SHAPE when a tensor gives other bytes than it promised; DTYPE when an opaque one has no
 *   name; ABORTED when the signal is; and what tensors and sink throw
 */
export async function writeSafetensors(
  file: TensorFile,
  sink: ByteSink,
  context: WriteContext = {},
): Promise<number> {
  const { signal, onProgress, lanes = 1, sha256 } = context;
  const header = buildHeader(file.tensors, withHashPlaceholders(file.metadata));
  const hashes = sshsHashes(file.tensors, file.metadata, sha256);
  const total = header.bytes.length + header.dataBytes;
  let position = 0;
  const append = async (bytes: Uint8Array): Promise<void> => {
    await sink.write(position, bytes);
    advance(bytes.length);
  };
  const advance = (bytes: number): void => {
    position += bytes;
    onProgress?.({ phase: "writing", done: position, total, unit: "bytes" });
  };
  checkAborted(signal);
  await append(header.bytes);
  const most = lanes > 1 ? LANE_BYTES : BLOCK_BYTES;
  const path = hashes === undefined ? sink.path : undefined;
  const making = { path, start: header.bytes.length, most, lanes, signal };
  const mostOf = ({ writeTo }: LazyTensor): number =>
    path !== undefined && writeTo !== undefined ? DIRECT_BYTES : most;
  await inOrder(blocksOf(file.tensors, mostOf), lanes, {
    memory: lanes > 1 && total > most ? () => new Uint8Array(most) : undefined,
    make: (block, memory) => makeBlock(block, memory, making),
    async use({ bytes, length, given, kept }) {
      if (bytes === undefined) advance(length);
      else {
        hashes?.update(bytes);
        await append(bytes);
      }
      return given === undefined || bytes === undefined ? kept : reusable(given, bytes, most);
    },
  });
  if (hashes !== undefined) await sink.write(0, buildHeader(file.tensors, hashes.metadata()).bytes);
  return total;
}

interface Making {
  /** The file that tensors may write themselves into. */
  readonly path: string | undefined;
  /** Where the data begins in it. */
  readonly start: number;
  /** Bytes of a block at most. */
  readonly most: number;
  readonly lanes: number;
  readonly signal: AbortSignal | undefined;
}

/** What is to be written, or was. */
interface MadeBlock {
  /** Left out where the tensor has written it. */
  readonly bytes?: Uint8Array;
  readonly length: number;
  /** Memory that the tensor was given. */
  readonly given?: Uint8Array | undefined;
  /** What the lane has, where the tensor was given none. */
  readonly kept: Uint8Array | undefined;
}

async function makeBlock(block: Block, memory: Uint8Array | undefined, making: Making): Promise<MadeBlock> {
  const { path, start, most, lanes, signal } = making;
  if (path !== undefined && block.tensor.writeTo !== undefined)
    return { length: await writeBlock(block, { path, position: start + block.at }, signal), kept: memory };
  const given = memory ?? (lanes > 1 && isLarge(block) ? new Uint8Array(most) : undefined);
  const bytes = await pullBlock(block, signal, given);
  return { bytes, length: bytes.length, given, kept: memory };
}

/** Small blocks cost less than looking after their memory. */
function isLarge({ tensor }: Block): boolean {
  return tensor.byteLength > 2 ** 18;
}

/** The memory that was given, where it came back: it or its values may have been moved through another thread. */
function reusable(given: Uint8Array, bytes: Uint8Array, length: number): Uint8Array | undefined {
  if (given.byteLength > 0) return given;
  return bytes.buffer.byteLength === length ? new Uint8Array(bytes.buffer) : undefined;
}

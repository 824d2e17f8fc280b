import { LoraError, checkAborted } from "@lora/tensor";
import type { ByteSource } from "../sources/byte-source.ts";

/** Which bytes of an inflated member, `to` exclusive, and how many it has in all. */
export interface InflatedRange {
  readonly member: string;
  readonly from: number;
  readonly to: number;
  readonly total: number;
}

/** Packed bytes that are fed at once. */
const CHUNK_BYTES = 2 ** 16;

/**
 * Part of a deflated member, by the platform's DecompressionStream. Memory: what is asked for and some chunks,
 * however much the stream would inflate to.
 *
 * @throws LoraError FORMAT when the stream is broken or shorter or longer than the directory says
 */
export async function inflateRange(
  packed: ByteSource,
  range: InflatedRange,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { from, to, total, member } = range;
  const stream = new DecompressionStream("deflate-raw");
  const reader = stream.readable.getReader();
  const feeding = feed(packed, stream.writable.getWriter(), signal);
  const out = new Uint8Array(to - from);
  // The whole member is read to its very end, so that a stream that goes on is noticed.
  const enough = to === total ? total + 1 : to;
  let position = 0;
  try {
    while (position < enough) {
      checkAborted(signal);
      const { done, value } = await reader.read();
      if (done) break;
      copyOverlap(value, position - from, out);
      position += value.length;
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw (await feeding) ?? broken(member, error);
  }
  // Ends the feeding of what nobody reads any more.
  await reader.cancel().catch(() => undefined);
  await feeding;
  if (position >= to && position <= total) return out;
  const made = position > total ? `more than ${total}` : `${position}`;
  throw new LoraError("FORMAT", `${member} inflates to ${made} bytes, and the zip says ${total}`, { member });
}

/** Writes the packed bytes; gives back the error that reading or cancelling threw, never throws. */
async function feed(
  packed: ByteSource,
  writer: WritableStreamDefaultWriter<BufferSource>,
  signal?: AbortSignal,
): Promise<LoraError | undefined> {
  try {
    for (let at = 0; at < packed.size; at += CHUNK_BYTES) {
      const chunk = await packed.read(at, Math.min(packed.size, at + CHUNK_BYTES), signal);
      await writer.write(chunk as Uint8Array<ArrayBuffer>);
    }
    await writer.close();
    return undefined;
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    return error instanceof LoraError ? error : undefined;
  }
}

function broken(member: string, cause: unknown): LoraError {
  if (cause instanceof LoraError) return cause;
  return new LoraError("FORMAT", `${member} cannot be inflated`, { member, cause });
}

/** Copies the part of `bytes`, which begin at `at` of `out` (possibly before it), that lies inside. */
function copyOverlap(bytes: Uint8Array, at: number, out: Uint8Array): void {
  const from = Math.max(0, -at);
  const to = Math.min(bytes.length, out.length - at);
  if (from < to) out.set(bytes.subarray(from, to), at + from);
}

import { LoraError } from "@lora/tensor";
import type { ByteSource } from "../sources/byte-source.ts";

/** What the reference implementation accepts, too; real headers of the largest models take a few MB. */
export const MAX_HEADER_BYTES = 100_000_000;

/** Bytes of the number in front of the header. */
export const LENGTH_BYTES = 8;

const TOO_SHORT_ADVICE = "check that this is a .safetensors file and was downloaded whole";

/**
 * The header of a safetensors file as text, and where the data begins. Reads 8 bytes, then the header.
 *
 * @throws LoraError FORMAT when the file is empty or too short, or the header too long or not UTF-8
 */
export async function readHeaderText(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<{ text: string; dataStart: number }> {
  if (source.size === 0) throw new LoraError("FORMAT", "the file is empty", { advice: TOO_SHORT_ADVICE });
  if (source.size < LENGTH_BYTES) {
    throw new LoraError("FORMAT", `the file holds ${source.size} bytes, and a safetensors file at least 8`, {
      advice: TOO_SHORT_ADVICE,
    });
  }
  const length = checkedLength(await source.read(0, LENGTH_BYTES, signal), source.size);
  const dataStart = LENGTH_BYTES + length;
  return { text: decodeUtf8(await source.read(LENGTH_BYTES, dataStart, signal)), dataStart };
}

/** The header's length, before anything is allocated for it. */
function checkedLength(bytes: Uint8Array, size: number): number {
  const claimed = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const held = size - LENGTH_BYTES;
  if (claimed > BigInt(held)) {
    throw new LoraError("FORMAT", `the header claims ${claimed} bytes, and ${held} follow`, {
      header: claimed.toString(),
      advice: TOO_SHORT_ADVICE,
    });
  }
  if (claimed > MAX_HEADER_BYTES) {
    throw new LoraError(
      "FORMAT",
      `the header claims ${claimed} bytes, and the format allows ${MAX_HEADER_BYTES}`,
    );
  }
  return Number(claimed);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new LoraError("FORMAT", "the header is not UTF-8 text", { cause: error });
  }
}

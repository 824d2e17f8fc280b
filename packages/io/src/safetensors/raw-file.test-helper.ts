import { bytesSource } from "../sources/bytes-source.ts";
import type { ByteSource } from "../sources/byte-source.ts";

/** A file put together by hand: the length, the header as given, the data. */
export function rawFile(header: unknown, dataBytes: number, claimed?: number): Uint8Array<ArrayBuffer> {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed ?? json.length), true);
  bytes.set(json, 8);
  for (let i = 0; i < dataBytes; i += 1) bytes[8 + json.length + i] = i;
  return bytes;
}

export function rawSource(header: unknown, dataBytes: number, claimed?: number): ByteSource {
  return bytesSource(rawFile(header, dataBytes, claimed), "made.safetensors");
}

/** An entry of the header. */
export function entry(dtype: string, shape: unknown, from: number, to: number): unknown {
  return { dtype, shape, data_offsets: [from, to] };
}

import { LENGTH_BYTES, MAX_HEADER_BYTES } from "./header-text.ts";

const OPENING_BRACE = 0x7b;
/** What JSON allows in front of the header: space, tab, line feed, carriage return. */
const WHITESPACE: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];

/** Whether a plausible header length is followed by the beginning of a JSON object. */
export function looksLikeSafetensors(head: Uint8Array): boolean {
  if (head.length < LENGTH_BYTES + 2) return false;
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  if (length < 2 || length > MAX_HEADER_BYTES) return false;
  const first = head.subarray(LENGTH_BYTES).find((byte) => !WHITESPACE.includes(byte));
  return first === undefined || first === OPENING_BRACE;
}

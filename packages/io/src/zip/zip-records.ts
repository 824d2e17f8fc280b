import { littleEndian } from "./little-endian.ts";

/** A member as it was written. */
export interface WrittenMember {
  readonly name: Uint8Array;
  readonly at: number;
  readonly bytes: number;
  readonly crc: number;
}

/** Checksums stand behind the bytes; names are UTF-8. */
const FLAGS = 0x0808;
/** 1 January 1980: the same files make the same archive. */
const DATE = 0x0021;
/** In a field of 32 bits: the value is in the zip64 extra field. */
const ELSEWHERE = 0xffffffff;
const [PLAIN, WITH_ZIP64] = [20, 45];

function isLarge(value: number): boolean {
  return value >= ELSEWHERE;
}

/** In front of a file's bytes. */
export function localHeader(name: Uint8Array, bytes: number): Uint8Array {
  // Sizes follow behind the bytes; the field says that they take eight bytes there.
  const extra = isLarge(bytes) ? littleEndian([2, 1], [2, 16], [8, 0], [8, 0]) : new Uint8Array();
  const size = isLarge(bytes) ? ELSEWHERE : 0;
  const head = littleEndian(
    [4, 0x04034b50],
    [2, isLarge(bytes) ? WITH_ZIP64 : PLAIN],
    [2, FLAGS],
    [2, 0],
    [2, 0],
    [2, DATE],
    [4, 0],
    [4, size],
    [4, size],
    [2, name.length],
    [2, extra.length],
  );
  return joined(head, name, extra);
}

/** Behind a file's bytes. */
export function descriptor(bytes: number, crc: number): Uint8Array {
  const width = isLarge(bytes) ? 8 : 4;
  return littleEndian([4, 0x08074b50], [4, crc], [width, bytes], [width, bytes]);
}

/** A file in the directory. */
export function directoryEntry({ name, at, bytes, crc }: WrittenMember): Uint8Array {
  const elsewhere = [bytes, bytes, at].filter(isLarge);
  const values = littleEndian(...elsewhere.map((value) => [8, value] as const));
  const extra = values.length === 0 ? values : joined(littleEndian([2, 1], [2, values.length]), values);
  const head = littleEndian(
    [4, 0x02014b50],
    [2, WITH_ZIP64],
    [2, extra.length === 0 ? PLAIN : WITH_ZIP64],
    [2, FLAGS],
    [2, 0],
    [2, 0],
    [2, DATE],
    [4, crc],
    [4, Math.min(bytes, ELSEWHERE)],
    [4, Math.min(bytes, ELSEWHERE)],
    [2, name.length],
    [2, extra.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, Math.min(at, ELSEWHERE)],
  );
  return joined(head, name, extra);
}

/** Behind the directory, which begins at `at`. */
export function endOf(count: number, at: number, bytes: number): Uint8Array {
  const record = at + bytes;
  const end = littleEndian(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, Math.min(count, 0xffff)],
    [2, Math.min(count, 0xffff)],
    [4, Math.min(bytes, ELSEWHERE)],
    [4, Math.min(at, ELSEWHERE)],
    [2, 0],
  );
  if (!isLarge(at) && !isLarge(bytes) && count < 0xffff) return end;
  const end64 = littleEndian(
    [4, 0x06064b50],
    [8, 44],
    [2, WITH_ZIP64],
    [2, WITH_ZIP64],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, bytes],
    [8, at],
  );
  return joined(end64, littleEndian([4, 0x07064b50], [4, 0], [8, record], [4, 1]), end);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

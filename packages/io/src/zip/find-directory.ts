import { LoraError } from "@lora/tensor";
import { Cursor } from "../parse/cursor.ts";
import type { ByteSource } from "../sources/byte-source.ts";

/** Where the central directory of an archive lies, and how many members it claims. */
export interface DirectoryPlace {
  readonly at: number;
  readonly bytes: number;
  readonly count: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const END_BYTES = 22;
const END64_BYTES = 56;
const LOCATOR64_BYTES = 20;
const MAX_COMMENT = 0xffff;

/**
 * Finds the directory from the record at the end of the file, or its zip64 form.
 *
 * @throws LoraError FORMAT when there is none, or what it says cannot be
 */
export async function findDirectory(source: ByteSource, signal?: AbortSignal): Promise<DirectoryPlace> {
  const tailAt = Math.max(0, source.size - END_BYTES - MAX_COMMENT - LOCATOR64_BYTES);
  const tail = await source.read(tailAt, source.size, signal);
  const endAt = findEnd(tail);
  if (endAt === undefined) {
    throw new LoraError("FORMAT", "the zip has no directory at its end", {
      advice: "the file was cut off: copy or download it again",
    });
  }
  const place = (await zip64Place(source, tail.subarray(0, endAt), signal)) ?? plainPlace(tail, endAt);
  if (place.at + place.bytes <= tailAt + endAt) return place;
  throw new LoraError(
    "FORMAT",
    `the directory of the zip claims bytes ${place.at} to ${place.at + place.bytes} of ${source.size}`,
    { ...place },
  );
}

/** The last record whose comment reaches exactly to the end. */
function findEnd(tail: Uint8Array): number | undefined {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) {
    if (tail[at] !== 0x50 || view.getUint32(at, true) !== END) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) === tail.length) return at;
  }
  return undefined;
}

function plainPlace(tail: Uint8Array, endAt: number): DirectoryPlace {
  const cursor = new Cursor(tail.subarray(endAt + 10), { what: "the end of the zip" });
  const count = cursor.u16();
  const bytes = cursor.u32();
  return { at: cursor.u32(), bytes, count };
}

/** What the zip64 record says, where a locator for it stands before the end. */
async function zip64Place(
  source: ByteSource,
  beforeEnd: Uint8Array,
  signal?: AbortSignal,
): Promise<DirectoryPlace | undefined> {
  if (beforeEnd.length < LOCATOR64_BYTES) return undefined;
  const locator = new Cursor(beforeEnd.subarray(-LOCATOR64_BYTES), { what: "the zip64 locator" });
  if (locator.u32() !== LOCATOR64) return undefined;
  locator.take(4);
  const at = locator.u64();
  if (at + END64_BYTES > source.size) {
    throw new LoraError("FORMAT", `the zip64 locator points to byte ${at} of ${source.size}`, { at });
  }
  const record = new Cursor(await source.read(at, at + END64_BYTES, signal), { what: "the zip64 end" });
  if (record.u32() !== END64) {
    throw new LoraError("FORMAT", `there is no zip64 record at byte ${at}`, { at });
  }
  record.take(28);
  const count = record.u64();
  const bytes = record.u64();
  return { at: record.u64(), bytes, count };
}

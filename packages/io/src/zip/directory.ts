import { LoraError } from "@lora/tensor";
import type { Budget } from "../memory-budget.ts";
import { spend } from "../memory-budget.ts";
import { Cursor } from "../parse/cursor.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { findDirectory } from "./find-directory.ts";

/** How a member's bytes are stored; zip knows more, and nobody who writes tensors uses them. */
export const STORED = 0;
export const DEFLATED = 8;

/** One file of an archive, as the central directory has it. */
export interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  /** Where its local header begins. */
  readonly at: number;
  /** Bytes in the archive, and of the file itself. */
  readonly packedBytes: number;
  readonly bytes: number;
}

const ENTRY = 0x02014b50;
/** Of an entry and of a local header, without their names. */
const ENTRY_BYTES = 46;
export const LOCAL_BYTES = 30;
/** In a field of 32 bits: the value is in the zip64 extra field. */
const ELSEWHERE = 0xffffffff;
const ZIP64 = 1;
/** What a member takes in memory, its place among the others included. */
const MEMBER_BYTES = 256;

/**
 * The members of a zip archive, from its central directory alone: two or three reads at the end of the file.
 *
 * @param budget what members are paid from
 * @throws LoraError FORMAT when the directory is missing, broken, names a member twice, or claims bytes that are
 *   not there
 * @see APPNOTE.TXT 6.3.10 of PKWARE, §4.3
 */
export async function readDirectory(
  source: ByteSource,
  budget: Budget,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ZipMember>> {
  const { at, bytes, count } = await findDirectory(source, signal);
  const cursor = new Cursor(await source.read(at, at + bytes, signal), { what: "the directory of the zip" });
  const members = new Map<string, ZipMember>();
  while (cursor.position < bytes) {
    spend(budget, MEMBER_BYTES, "the members of the zip");
    const member = readEntry(cursor);
    checkPlace(member, at);
    if (members.has(member.name))
      throw new LoraError("FORMAT", `the zip names ${member.name} twice`, { member: member.name });
    members.set(member.name, member);
  }
  if (members.size === count) return members;
  throw new LoraError("FORMAT", `the zip claims ${count} members, and its directory has ${members.size}`);
}

function readEntry(cursor: Cursor): ZipMember {
  const head = cursor.take(ENTRY_BYTES);
  const view = new DataView(head.buffer, head.byteOffset, ENTRY_BYTES);
  if (view.getUint32(0, true) !== ENTRY)
    throw new LoraError("FORMAT", "the directory of the zip holds something else than a member", {
      at: cursor.position - ENTRY_BYTES,
    });
  const name = new TextDecoder().decode(cursor.take(view.getUint16(28, true)));
  const extra = cursor.take(view.getUint16(30, true));
  cursor.take(view.getUint16(32, true));
  const [bytes, packedBytes, at] = withZip64(
    [24, 20, 42].map((field) => view.getUint32(field, true)),
    extra,
  );
  return {
    name,
    method: view.getUint16(10, true),
    encrypted: (view.getUint16(8, true) & 1) !== 0,
    at: at!,
    packedBytes: packedBytes!,
    bytes: bytes!,
  };
}

/** The extra field holds, in this order, those of the values that do not fit 32 bits. */
function withZip64(values: readonly number[], extra: Uint8Array): readonly number[] {
  if (!values.includes(ELSEWHERE)) return values;
  const cursor = new Cursor(extra, { what: "the extra field of a zip member" });
  while (cursor.position < extra.length) {
    const [id, length] = [cursor.u16(), cursor.u16()];
    const field = new Cursor(cursor.take(length), { what: "the zip64 field of a zip member" });
    if (id === ZIP64) return values.map((value) => (value === ELSEWHERE ? field.u64() : value));
  }
  return values;
}

/** Deflate makes at most 1,032 bytes of one. */
const MOST_INFLATED = 1032;

function checkPlace({ name, method, at, packedBytes, bytes }: ZipMember, directoryAt: number): void {
  if (at + LOCAL_BYTES + packedBytes > directoryAt) {
    throw new LoraError("FORMAT", `${name} ends behind the start of the zip's directory`, { member: name });
  }
  const possible = method === STORED ? bytes === packedBytes : bytes <= packedBytes * MOST_INFLATED;
  if (possible) return;
  throw new LoraError("FORMAT", `${name} cannot hold ${bytes} bytes in ${packedBytes}`, { member: name });
}

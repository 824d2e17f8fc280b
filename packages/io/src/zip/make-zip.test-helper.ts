import { deflateRawSync } from "node:zlib";
import { HeaderBytes } from "../gguf/header-bytes.ts";

/** How a member is put into an archive made by hand. */
export interface MadeMember {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly method?: 0 | 8 | 99;
  readonly encrypted?: boolean;
  /** Sizes follow the bytes, as where an archive is written to a pipe. */
  readonly descriptor?: boolean;
  /** The directory has its numbers in the zip64 field. */
  readonly zip64?: boolean;
  /** What the directory claims, where that is not the truth. */
  readonly claimed?: number;
  readonly extra?: number;
}

/** A zip archive, member by member. */
export function makeZip(
  members: readonly MadeMember[],
  options: { zip64?: boolean; count?: number } = {},
): Uint8Array {
  const zip = new HeaderBytes();
  const directory = new HeaderBytes();
  for (const member of members) addMember(zip, directory, member);
  const [at, count] = [zip.length, options.count ?? members.length];
  zip.bytes(directory.finish(1));
  if (options.zip64 !== true) {
    add(zip, "whhhhwwh", 0x06054b50, 0, 0, count, count, directory.length, at, 0);
    return zip.finish(1);
  }
  const record = zip.length;
  add(zip, "wqhhwwqqqq", 0x06064b50, 44, 45, 45, 0, 0, count, count, directory.length, at);
  add(zip, "wwqw", 0x07064b50, 0, record, 1);
  add(zip, "whhhhwwh", 0x06054b50, 0, 0, 0xffff, 0xffff, 0xffffffff, 0xffffffff, 0);
  return zip.finish(1);
}

function addMember(zip: HeaderBytes, directory: HeaderBytes, member: MadeMember): void {
  const { name, bytes, method = 0, descriptor = false, zip64 = false, extra = 0 } = member;
  const packed = method === 8 ? new Uint8Array(deflateRawSync(bytes)) : bytes;
  const claimed = member.claimed ?? bytes.length;
  const flags = (member.encrypted === true ? 1 : 0) | (descriptor ? 8 : 0);
  const text = new TextEncoder().encode(name);
  const at = zip.length;
  const sizes = descriptor ? [0, 0] : [packed.length, claimed];
  add(zip, "whhhwwwwhh", 0x04034b50, 20, flags, method, 0, 0, ...sizes, text.length, extra);
  zip.bytes(text);
  zip.bytes(new Uint8Array(extra));
  zip.bytes(packed);
  if (descriptor) add(zip, "wwww", 0x08074b50, 0, packed.length, bytes.length);
  const [inPacked, inBytes, inAt] = zip64
    ? [0xffffffff, 0xffffffff, 0xffffffff]
    : [packed.length, claimed, at];
  add(directory, "whhhhwwww", 0x02014b50, 20, 20, flags, method, 0, 0, inPacked, inBytes);
  add(directory, "hhhhhww", text.length, zip64 ? 28 : 0, 0, 0, 0, 0, inAt);
  directory.bytes(text);
  if (zip64) add(directory, "hhqqq", 1, 24, claimed, packed.length, at);
}

const WIDTHS: Readonly<Record<string, number>> = { h: 2, w: 4, q: 8 };

/** Adds numbers of 2 (h), 4 (w) and 8 (q) bytes. */
function add(to: HeaderBytes, widths: string, ...values: readonly number[]): void {
  for (const [index, letter] of [...widths].entries()) {
    let rest = BigInt(values[index] ?? 0);
    const bytes = Uint8Array.from({ length: WIDTHS[letter]! }, () => {
      const byte = Number(rest & 0xffn);
      rest >>= 8n;
      return byte;
    });
    to.bytes(bytes);
  }
}

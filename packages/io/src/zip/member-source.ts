import { LoraError } from "@lora/tensor";
import { Cursor } from "../parse/cursor.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { sectionSource } from "../sources/section-source.ts";
import type { ZipMember } from "./directory.ts";
import { DEFLATED, LOCAL_BYTES, STORED } from "./directory.ts";
import { inflateRange } from "./inflate-range.ts";

const LOCAL = 0x04034b50;

/**
 * A member of an archive as a source of its own. Reads nothing until it is read; the first read looks up where
 * the bytes begin. Stored bytes are read in place; deflated ones are inflated from their start up to what is
 * asked for, and what lies before is dropped. Checksums are not compared.
 *
 * @throws LoraError UNSUPPORTED when it is encrypted or stored by another method
 */
export function memberSource(archive: ByteSource, member: ZipMember): ByteSource {
  const { name: file } = archive;
  if (member.encrypted) {
    throw new LoraError("UNSUPPORTED", `${member.name} is encrypted`, { file, advice: "unpack the zip" });
  }
  if (member.method !== STORED && member.method !== DEFLATED) {
    throw new LoraError("UNSUPPORTED", `${member.name} is packed by method ${member.method} of zip`, {
      file,
      advice: "unpack the zip and pack it again, stored or deflated",
    });
  }
  let packed: ByteSource | undefined;
  return {
    name: file,
    size: member.bytes,
    async read(from, to, signal) {
      packed ??= sectionSource(archive, await dataStart(archive, member, signal), member.packedBytes);
      if (member.method === STORED) return packed.read(from, to, signal);
      return inflateRange(packed, { member: member.name, from, to, total: member.bytes }, signal);
    },
  };
}

/** Behind the local header, whose extra field may have another length than that of the directory. */
async function dataStart(archive: ByteSource, member: ZipMember, signal?: AbortSignal): Promise<number> {
  const header = await archive.read(member.at, member.at + LOCAL_BYTES, signal);
  const cursor = new Cursor(header, { what: "the local header" });
  if (cursor.u32() !== LOCAL) {
    throw new LoraError("FORMAT", `${member.name} is not where the zip's directory says`, { at: member.at });
  }
  cursor.take(22);
  const start = member.at + LOCAL_BYTES + cursor.u16() + cursor.u16();
  if (start + member.packedBytes <= archive.size) return start;
  throw new LoraError("FORMAT", `${member.name} reaches past the end of the zip`, { member: member.name });
}

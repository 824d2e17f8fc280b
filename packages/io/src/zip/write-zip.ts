import { checkAborted, LoraError } from "@lora/tensor";
import type { ByteSink } from "../sinks/byte-sink.ts";
import { crc32 } from "./crc32.ts";
import { descriptor, directoryEntry, endOf, localHeader, type WrittenMember } from "./zip-records.ts";

/** A file that goes into an archive. */
export interface ZipEntry {
  /** With `/` between folders. */
  readonly name: string;
  /** So many will come. */
  readonly bytes: number;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * Writes files as a zip archive, stored and not packed: trained values do not pack. One pass, front to back; zip64 where
 * sizes or places need it. The sink is left open, to be committed.
 *
 * @returns the bytes of the archive
 * @throws LoraError IO when a file has other bytes than were promised; ABORTED
 * @see APPNOTE.TXT 6.3.10 of PKWARE, §4.3
 */
export async function writeZip(
  sink: ByteSink,
  entries: readonly ZipEntry[],
  signal?: AbortSignal,
): Promise<number> {
  let at = 0;
  const append = async (bytes: Uint8Array): Promise<void> => {
    checkAborted(signal);
    await sink.write(at, bytes);
    at += bytes.length;
  };
  const members: WrittenMember[] = [];
  for (const entry of entries) {
    const start = at;
    const name = new TextEncoder().encode(entry.name);
    await append(localHeader(name, entry.bytes));
    const crc = await copy(entry, append);
    await append(descriptor(entry.bytes, crc));
    members.push({ name, at: start, bytes: entry.bytes, crc });
  }
  const directoryAt = at;
  for (const member of members) await append(directoryEntry(member));
  await append(endOf(members.length, directoryAt, at - directoryAt));
  return at;
}

async function copy(
  { name, bytes, chunks }: ZipEntry,
  append: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  const crc = crc32();
  let came = 0;
  for await (const chunk of chunks) {
    crc.update(chunk);
    came += chunk.length;
    await append(chunk);
  }
  if (came === bytes) return crc.value();
  throw new LoraError("IO", `${bytes} bytes were promised for the zip, and ${came} came`, {
    file: name,
    advice: "the file was changed while it was read: save it again",
  });
}

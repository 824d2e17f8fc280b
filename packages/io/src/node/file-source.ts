import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { checkAborted } from "@lora/tensor";
import type { ByteSource } from "../sources/byte-source.ts";
import { checkRead } from "../sources/check-read.ts";
import { ioError } from "./io-error.ts";

/** A source that holds a file open. */
export interface FileSource extends ByteSource {
  /** Gives the file back; reading afterwards fails. Harmless when called twice. */
  close(): Promise<void>;
}

/** One read of the system takes at most 2 GB. */
const READ_BYTES = 2 ** 30;

/**
 * Opens a file of the disk for reading, by position: any number of reads may run at once.
 *
 * @throws LoraError IO when it cannot be opened, is a folder, or on reading became shorter
 */
export async function fileSource(path: string): Promise<FileSource> {
  const { handle, size } = await openForReading(path);
  return {
    name: path,
    size,
    descriptor: handle.fd,
    async read(from, to, signal, into) {
      checkAborted(signal);
      try {
        return checkRead(await readAll(handle, memoryFor(to - from, into), from, signal), from, to, path);
      } catch (error) {
        throw ioError(error, path, "reading");
      }
    },
    close: () => handle.close(),
  };
}

async function openForReading(path: string): Promise<{ handle: FileHandle; size: number }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const stats = await handle.stat();
    if (stats.isDirectory()) throw Object.assign(new Error("EISDIR"), { code: "EISDIR" });
    return { handle, size: stats.size };
  } catch (error) {
    await handle?.close();
    throw ioError(error, path, "opening");
  }
}

/** What is given where it is large enough, else memory that is not set to zero first: all that is read of it is written. */
function memoryFor(length: number, into: Uint8Array | undefined): Uint8Array {
  if (into !== undefined && into.length >= length) return into.subarray(0, length);
  const { buffer, byteOffset } = Buffer.allocUnsafeSlow(length);
  return new Uint8Array(buffer, byteOffset, length);
}

/** Fills `bytes`, or as much of it as there is up to the end of the file. */
async function readAll(
  handle: FileHandle,
  bytes: Uint8Array,
  from: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  let done = 0;
  while (done < bytes.length) {
    checkAborted(signal);
    const length = Math.min(READ_BYTES, bytes.length - done);
    const { bytesRead } = await handle.read(bytes, done, length, from + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}

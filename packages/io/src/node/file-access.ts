import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { FilePlace, FileTarget } from "@lora/tensor";
import { checkRead } from "../sources/check-read.ts";
import { ioError } from "./io-error.ts";

/**
 * Fills `into` from an open file, and waits for it: for threads that do nothing else meanwhile.
 *
 * @throws LoraError IO when it cannot be read, or ends before
 */
export function readPlace({ path, descriptor, position }: FilePlace, into: Uint8Array): void {
  try {
    let done = 0;
    for (let read = 1; read > 0 && done < into.length; done += read)
      read = readSync(descriptor, into, done, into.length - done, position + done);
    checkRead(into.subarray(0, done), position, position + into.length, path);
  } catch (error) {
    throw ioError(error, path, "reading");
  }
}

/**
 * Runs `work` with what writes into a file that is there, from `position` on, one part behind the other.
 *
 * @throws LoraError IO when it cannot be written; and what `work` throws
 */
export function writeInto<T>(
  { path, position }: FileTarget,
  work: (write: (bytes: Uint8Array) => void) => T,
): T {
  let descriptor: number | undefined;
  let end = position;
  try {
    const opened = (descriptor = openSync(path, "r+"));
    return work((bytes) => {
      for (let done = 0; done < bytes.length;) {
        const written = writeSync(opened, bytes, done, bytes.length - done, end);
        done += written;
        end += written;
      }
    });
  } catch (error) {
    throw ioError(error, path, "writing");
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

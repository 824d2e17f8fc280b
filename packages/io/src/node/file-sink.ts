import { lstat, open, rename, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { LoraError } from "@lora/tensor";
import { batchedSink } from "../sinks/batched-sink.ts";
import type { ByteSink } from "../sinks/byte-sink.ts";
import { ioError, systemCode } from "./io-error.ts";

/** How to write a file. */
export interface FileSinkOptions {
  /** Replace a file that is there already. */
  readonly force?: boolean | undefined;
  /** Wait at the end until the disk has all bytes, so that a power cut cannot lose them. */
  readonly sync?: boolean | undefined;
}

/**
 * Writes a file under a temporary name beside its final one (`<path>.partial-1`), and gives it that name
 * when it is whole. Until then a file that is to be replaced stays as it was.
 *
 * @throws LoraError USAGE when `path` is there and `force` is not given; IO when the disk is full, the folder
 *   missing or closed to writing
 */
export async function fileSink(path: string, options: FileSinkOptions = {}): Promise<ByteSink> {
  await checkFree(path, options.force);
  const { handle, partial } = await openPartial(path);
  let state: "open" | "committed" | "aborted" = "open";
  const abort = async (): Promise<void> => {
    if (state !== "open") return;
    state = "aborted";
    await handle.close().catch(() => undefined);
    await unlink(partial).catch(() => undefined);
  };
  return batchedSink({
    path: partial,
    write: (position, bytes) =>
      writeAll(handle, position, bytes).catch((error: unknown) => {
        throw ioError(error, path, "writing");
      }),
    async commit() {
      try {
        if (options.sync) await handle.sync();
        await handle.close();
        await checkFree(path, options.force);
        await rename(partial, path);
        state = "committed";
      } catch (error) {
        await abort();
        throw ioError(error, path, "writing");
      }
    },
    abort,
  });
}

/** @throws LoraError USAGE when something is at `path` that may not be replaced */
export async function checkFree(path: string, force = false): Promise<void> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw ioError(error, path, "writing");
  });
  if (stats === undefined) return;
  if (stats.isDirectory()) {
    throw new LoraError("USAGE", "the output is a folder, and a file is to be written", {
      file: path,
      advice: "give a path inside that folder",
    });
  }
  if (force) return;
  throw new LoraError("USAGE", "the output is there already", {
    file: path,
    advice: "choose another name, or force it to be replaced",
  });
}

/** The first free name of `<path>.partial-1`, `-2` …: others may write to the same path, or have crashed. */
async function openPartial(path: string): Promise<{ handle: FileHandle; partial: string }> {
  for (let number = 1; ; number += 1) {
    const partial = `${path}.partial-${number}`;
    try {
      return { handle: await open(partial, "wx"), partial };
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw ioError(error, path, "writing");
    }
  }
}

async function writeAll(handle: FileHandle, position: number, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

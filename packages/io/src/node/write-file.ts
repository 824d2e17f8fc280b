import { mkdir, rmdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { TensorFile } from "@lora/tensor";
import type { WriteContext } from "../safetensors/write.ts";
import { writeSafetensors } from "../safetensors/write.ts";
import { allOrNothing } from "../sinks/all-or-nothing.ts";
import { checkOutput, type OutputCheck } from "./check-output.ts";
import { fileSink } from "./file-sink.ts";
import { ioError } from "./io-error.ts";
import { pendingSidecars, writeSidecar } from "./sidecars.ts";

/** How to write a checkpoint to the disk. */
export interface WriteOptions extends WriteContext, OutputCheck {
  /** Wait at the end until the disk has all bytes. */
  readonly sync?: boolean | undefined;
}

/**
 * Writes a checkpoint as a safetensors file, its sidecars beside it. A path that ends in `.safetensors` is
 * the file; a folder, or a path without extension, gets `adapter_model.safetensors` or `model.safetensors`.
 * Everything is written under temporary names first; after a failure or an abort nothing of it is left.
 *
 * @returns the path of the file and its bytes
 * @throws LoraError USAGE when the output or another sidecar is there already, or is an input, and `force` is
 *   not given; IO when the disk fails; and as `writeSafetensors` does
 */
export async function writeFile(
  file: TensorFile,
  path: string,
  options: WriteOptions = {},
): Promise<{ path: string; bytes: number }> {
  const { force = false, sync } = options;
  const { output, folder, ownFolder } = await checkOutput(file, path, options);
  const sidecars = await pendingSidecars(file, folder, force);
  const made = ownFolder ? await makeFolder(folder) : [];
  try {
    const bytes = await allOrNothing(async (keep) => {
      const written = await writeSafetensors(file, keep(await fileSink(output, { force, sync })), options);
      for (const sidecar of sidecars) await writeSidecar(sidecar, keep);
      return written;
    });
    return { path: output, bytes };
  } catch (error) {
    for (const empty of made) await rmdir(empty).catch(() => undefined);
    throw error;
  }
}

/** Makes a folder and those it is in; returns the new ones, innermost first. */
async function makeFolder(folder: string): Promise<string[]> {
  try {
    const outermost = await mkdir(folder, { recursive: true });
    if (outermost === undefined) return [];
    const made = [resolve(folder)];
    for (let at = resolve(folder); at !== resolve(outermost); at = dirname(at)) made.push(dirname(at));
    return made;
  } catch (error) {
    throw ioError(error, folder, "writing");
  }
}

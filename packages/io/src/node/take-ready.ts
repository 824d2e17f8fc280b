import { copyFile, link, rename } from "node:fs/promises";
import type { TensorFile } from "@lora/tensor";
import { finishedShard } from "./finished-shard.ts";
import { systemCode } from "./io-error.ts";

/** What a file has to be to be taken. */
interface Wanted {
  readonly shard: TensorFile;
  /** Bytes of the whole file. */
  readonly size: number;
}

/**
 * Gives the first of the files that holds a shard, header and all, a second name; where the file system has no links, or the
 * file is on another one, copies it.
 *
 * @returns whether there was one
 */
export async function takeReady(files: readonly string[], path: string, wanted: Wanted): Promise<boolean> {
  for (const file of files) {
    if (!(await finishedShard(file, wanted.shard, wanted.size))) continue;
    await link(file, path).catch(async (error: unknown) => {
      if (systemCode(error) === "EEXIST") throw error;
      await copyFile(file, `${path}.partial-1`);
      await rename(`${path}.partial-1`, path);
    });
    return true;
  }
  return false;
}

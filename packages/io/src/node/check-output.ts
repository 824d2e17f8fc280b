import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { TensorFile } from "@lora/tensor";
import { checkFree } from "./file-sink.ts";
import { ioError } from "./io-error.ts";
import { checkNotInput, type OutputTarget, outputTarget } from "./output-target.ts";

/** What an output must not touch. */
export interface OutputCheck {
  /** Replace what is there, also an input. */
  readonly force?: boolean | undefined;
  /** Paths that the output must not be, under whatever name. */
  readonly inputs?: readonly string[] | undefined;
}

/** Where a checkpoint is to be written, looked at and found free. */
export interface CheckedOutput extends OutputTarget {
  /** Path of the file itself. */
  readonly output: string;
}

/**
 * Refuses an output path that `writeFile` would refuse for what is there already. For callers that make the
 * checkpoint with much work, to be told before it.
 *
 * @param file the checkpoint, or one with the same sidecar names: they decide what a folder's file is called
 * @throws LoraError USAGE when the output is there already, or is an input, and `force` is not given, or when its
 *   name has another extension; IO when its folder is missing or the path cannot be looked at
 */
export async function checkOutput(
  file: Pick<TensorFile, "sidecars">,
  path: string,
  options: OutputCheck = {},
): Promise<CheckedOutput> {
  const { force = false, inputs = [] } = options;
  const target = await outputTarget(file, path);
  const output = join(target.folder, target.fileName);
  if (!force) await checkNotInput(output, inputs);
  await checkFree(output, force);
  if (!target.ownFolder) await checkFolder(target.folder, output);
  return { ...target, output };
}

async function checkFolder(folder: string, output: string): Promise<void> {
  try {
    await stat(folder);
  } catch (error) {
    throw ioError(error, output, "writing");
  }
}

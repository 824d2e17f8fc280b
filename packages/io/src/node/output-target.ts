import { realpath, stat } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { ioError, systemCode } from "./io-error.ts";

/** Where a checkpoint is to be written. */
export interface OutputTarget {
  readonly folder: string;
  readonly fileName: string;
  /** Whether the folder may have to be made. */
  readonly ownFolder: boolean;
}

/**
 * What an output path means: a name that ends in `.safetensors` is a file; a folder, a name that ends in a slash,
 * or one without an extension, is a folder that gets `adapter_model.safetensors` where the checkpoint has an
 * `adapter_config.json`, else `model.safetensors`.
 *
 * @throws LoraError USAGE when the name has another extension, or is on a server; IO when the path cannot be looked at
 */
export async function outputTarget(file: Pick<TensorFile, "sidecars">, path: string): Promise<OutputTarget> {
  checkLocal(path);
  if (path.endsWith(".safetensors"))
    return { folder: dirname(path), fileName: basename(path), ownFolder: false };
  if (extname(path) !== "" && !/[/\\]$/.test(path) && !(await isFolder(path))) {
    throw new LoraError("USAGE", `${extname(path)} files are not written`, {
      file: path,
      advice: "end the name in .safetensors, or give a folder",
    });
  }
  const stem = file.sidecars.has("adapter_config.json") ? "adapter_model" : "model";
  return { folder: path, fileName: `${stem}.safetensors`, ownFolder: true };
}

/**
 * Refuses an output that is named as if it were on a server.
 *
 * @throws LoraError USAGE when it is a URL or an id of the hub
 */
export function checkLocal(path: string): void {
  if (!/^(https?:\/\/|hf:)/iu.test(path)) return;
  throw new LoraError("USAGE", "outputs are written to the disk, not to a server", {
    file: path,
    advice: "name a path of the disk, and upload what is written there",
  });
}

/**
 * Refuses to write over an input, under whatever name.
 *
 * @throws LoraError USAGE when the output is one of the inputs
 */
export async function checkNotInput(output: string, inputs: readonly string[]): Promise<void> {
  const target = await realpath(output).catch(() => undefined);
  if (target === undefined) return;
  for (const input of inputs) {
    if ((await realpath(input).catch(() => undefined)) !== target) continue;
    throw new LoraError("USAGE", "the output is one of the inputs", {
      file: output,
      advice: "choose another name, or force it to be replaced",
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw ioError(error, path, "writing");
  }
}

import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { openSource } from "../open-source.ts";
import { MAX_INDEX_BYTES } from "../sidecar-names.ts";
import { openSharded } from "../sharded/open-sharded.ts";
import { chooseInFolder } from "../choose-in-folder.ts";
import type { FileSource } from "./file-source.ts";
import { fileSource } from "./file-source.ts";
import { ioError, systemCode } from "./io-error.ts";
import { nearestName } from "./nearest-name.ts";
import { readText } from "./read-text.ts";
import { readSidecars } from "./sidecars.ts";

/** A checkpoint whose files are held open. */
export interface OpenedFile extends TensorFile {
  /** Gives its files back; its tensors cannot be read afterwards. */
  close(): Promise<void>;
}

/**
 * Opens a checkpoint of the disk: a file, the `*.index.json` of a sharded model, or the folder of a model.
 * `adapter_config.json` and `config.json` beside it come along as sidecars.
 *
 * @throws LoraError MISSING when nothing is there; USAGE when a folder holds several models; FORMAT when a
 *   file breaks its format; UNSUPPORTED when it is of another kind; IO when it cannot be read
 */
export async function openFile(
  path: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<OpenedFile> {
  const file = await resolveModel(path);
  const sources: FileSource[] = [];
  const close = async (): Promise<void> => {
    for (const source of sources.splice(0)) await source.close();
  };
  const openOne = async (filePath: string): Promise<TensorFile> => {
    const source = await fileSource(filePath);
    sources.push(source);
    return openSource(source, options);
  };
  try {
    const sidecars = await readSidecars(dirname(file));
    const opened = file.endsWith(".index.json") ? await openShards(file, openOne) : await openOne(file);
    return { ...opened, sidecars, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The file behind a path: itself, or the model of the folder. */
async function resolveModel(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isDirectory()) return path;
    return join(path, chooseInFolder((await readdir(path)).sort(), path));
  } catch (error) {
    throw systemCode(error) === "ENOENT" ? await nothingAt(path) : ioError(error, path, "opening");
  }
}

async function nothingAt(path: string): Promise<LoraError> {
  const neighbours = await readdir(dirname(path)).catch(() => undefined);
  if (neighbours === undefined) {
    return new LoraError("MISSING", `there is no folder ${dirname(path)}`, {
      file: path,
      advice: "check the path",
    });
  }
  const nearest = nearestName(basename(path), neighbours);
  const advice = nearest === undefined ? "check the path" : `did you mean ${join(dirname(path), nearest)}?`;
  return new LoraError("MISSING", "there is no such file or folder", { file: path, advice });
}

async function openShards(path: string, openOne: (path: string) => Promise<TensorFile>): Promise<TensorFile> {
  const folder = dirname(path);
  const present = new Set(await readdir(folder));
  const openShard = (fileName: string): Promise<TensorFile> => {
    if (present.has(fileName)) return openOne(join(folder, fileName));
    throw new LoraError("MISSING", `the index names ${fileName}, which is not beside it`, {
      file: path,
      advice: "download the missing shard into the same folder",
    });
  };
  const indexText = await readText(path, MAX_INDEX_BYTES);
  if (indexText === undefined) throw await nothingAt(path);
  return openSharded(indexText, openShard, path);
}

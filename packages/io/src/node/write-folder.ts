import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LazyTensor, TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { WriteContext } from "../safetensors/write.ts";
import { writeSafetensors } from "../safetensors/write.ts";
import { safetensorsFileBytes } from "../safetensors/file-bytes.ts";
import { shardIndexText } from "../sharded/shard-index.ts";
import { addCompanions, type CompanionFiles } from "./copy-companions.ts";
import { fileSink } from "./file-sink.ts";
import { ioError, systemCode } from "./io-error.ts";
import { finishedShard } from "./finished-shard.ts";
import { checkLocal } from "./output-target.ts";
import { takeReady } from "./take-ready.ts";
import { readText } from "./read-text.ts";

/** How to write the folder of a model. */
export interface FolderOptions extends WriteContext {
  /** What everything in the folder follows from: only shards of an earlier run with the same text are taken over, none without. */
  readonly recipe?: string | undefined;
  /** A folder whose small files (tokenizer, generation settings, licence) come along; or what is read from elsewhere. */
  readonly companions?: string | CompanionFiles | undefined;
  /** Files that may hold a shard already, byte for byte: the first that does is linked, or copied, in place of writing it. */
  readonly ready?: ((shard: string) => readonly string[]) | undefined;
  /** More small files for the folder, by name; made when all values are written. */
  readonly texts?: (() => Iterable<readonly [name: string, text: string]>) | undefined;
  /** Wait for the disk after each file. */
  readonly sync?: boolean | undefined;
}

/** What became of a folder. */
export interface WrittenFolder {
  readonly path: string;
  readonly bytes: number;
  readonly shards: readonly string[];
  /** Shards that an interrupted run had finished. */
  readonly resumed: readonly string[];
}

const RECIPE = "recipe.json";
const MAX_RECIPE_BYTES = 2 ** 20;

/**
 * Writes a model to a folder, in the shards that it says: each under a temporary name in `<path>.partial`, which becomes
 * `path` when everything is whole. A run that was interrupted leaves its finished shards there, and the next run with the same
 * recipe goes on from them.
 *
 * @throws LoraError USAGE when `path` is there already; IO when the disk fails; and as `writeSafetensors` does
 */
export async function writeFolder(
  file: TensorFile,
  path: string,
  options: FolderOptions,
): Promise<WrittenFolder> {
  const target = path.replace(/[/\\]+$/u, "");
  const partial = `${target}.partial`;
  await checkFolderFree(target);
  await beginPartial(partial, options.recipe);
  try {
    const shards = shardsOf(file);
    const resumed: string[] = [];
    let bytes = 0;
    for (const [index, [name, tensors]] of shards.entries()) {
      const size = safetensorsFileBytes(tensors, file.metadata);
      bytes += size;
      const shard = { ...file, tensors };
      if (await finishedShard(join(partial, name), shard, size)) resumed.push(name);
      else if (!(await takeReady(options.ready?.(name) ?? [], join(partial, name), { shard, size })))
        await writeShard(shard, join(partial, name), { ...options, ...partOf(options, shards, index) });
    }
    await writeTexts(file, partial, shards);
    for (const [name, text] of options.texts?.() ?? []) await writeText(join(partial, name), text);
    await addCompanions(options.companions, partial);
    await rm(join(partial, RECIPE), { force: true });
    await rename(partial, target);
    return { path: target, bytes, shards: shards.map(([name]) => name), resumed };
  } catch (error) {
    await (options.recipe === undefined
      ? rm(partial, { recursive: true, force: true })
      : dropWhereEmpty(partial));
    throw error instanceof LoraError ? error : ioError(error, target, "writing");
  }
}

type Shards = readonly (readonly [name: string, tensors: ReadonlyMap<string, LazyTensor>])[];

function shardsOf({ tensors, shards }: TensorFile): Shards {
  if (shards === undefined) return [["model.safetensors", tensors]];
  const found = new Map<string, Map<string, LazyTensor>>();
  for (const [name, tensor] of tensors) {
    const shard = shards.get(name);
    if (shard === undefined) {
      throw new LoraError("USAGE", "a tensor of a model in several files is in none of them", {
        tensor: name,
      });
    }
    found.set(shard, (found.get(shard) ?? new Map<string, LazyTensor>()).set(name, tensor));
  }
  return [...found];
}

/** Progress of one shard as progress of all. */
function partOf({ onProgress }: FolderOptions, shards: Shards, index: number): WriteContext {
  const sizes = shards.map(([, tensors]) =>
    [...tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0),
  );
  const before = sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return {
    onProgress: (progress) =>
      onProgress?.({ ...progress, done: Math.min(total, before + progress.done), total }),
  };
}

async function writeShard(shard: TensorFile, path: string, options: FolderOptions): Promise<void> {
  const sink = await fileSink(path, { force: true, sync: options.sync });
  try {
    await writeSafetensors(shard, sink, options);
    await sink.commit();
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

async function writeTexts(file: TensorFile, folder: string, shards: Shards): Promise<void> {
  for (const [name, text] of file.sidecars) await writeText(join(folder, name), text);
  if (file.shards === undefined) return;
  let bytes = 0;
  for (const { byteLength } of file.tensors.values()) bytes += byteLength;
  const places = shards.flatMap(([shard, tensors]) =>
    [...tensors.keys()].map((name) => [name, shard] as const),
  );
  await writeText(join(folder, "model.safetensors.index.json"), shardIndexText(new Map(places), bytes));
}

async function writeText(path: string, text: string): Promise<void> {
  const sink = await fileSink(path, { force: true });
  await sink.write(0, new TextEncoder().encode(text));
  await sink.commit();
}

/**
 * Refuses an output folder that is there, unless it is empty.
 *
 * @throws LoraError USAGE when it holds anything, is a file or on a server; IO when its parent is missing
 */
export async function checkFolderFree(path: string): Promise<void> {
  checkLocal(path);
  try {
    if ((await readdir(path)).length === 0) return;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    if (systemCode(error) !== "ENOTDIR") throw ioError(error, path, "writing");
  }
  throw new LoraError("USAGE", "the output folder is there already", {
    file: path,
    advice: "choose another name, or remove it first",
  });
}

/** Makes the folder, or empties one of another recipe. What an interrupted run was writing goes as well. */
async function beginPartial(partial: string, recipe: string | undefined): Promise<void> {
  try {
    await mkdir(dirname(partial), { recursive: true });
    if (recipe === undefined || (await readText(join(partial, RECIPE), MAX_RECIPE_BYTES)) !== recipe) {
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial);
      if (recipe !== undefined) await writeText(join(partial, RECIPE), recipe);
    }
    for (const name of await readdir(partial))
      if (/\.partial-\d+$/u.test(name)) await rm(join(partial, name));
  } catch (error) {
    throw ioError(error, partial, "writing");
  }
}

async function dropWhereEmpty(partial: string): Promise<void> {
  const names = await readdir(partial).catch(() => [RECIPE]);
  if (names.some((name) => name.endsWith(".safetensors"))) return;
  for (const name of names) await rm(join(partial, name)).catch(() => undefined);
  await rmdir(partial).catch(() => undefined);
}

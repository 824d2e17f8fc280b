import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LoraError } from "@lora/tensor";
import { chooseInFolder } from "../choose-in-folder.ts";
import type { HubId } from "../remote/hub-id.ts";
import { parseShardIndex } from "../sharded/shard-index.ts";

/**
 * Where the cache of the Hugging Face libraries holds what an id means: the path of a file. Undefined where it does not hold all
 * of it, e.g. a config without weights, or an index without its shards.
 *
 * @param cache the folder with `models--owner--name/{refs,snapshots,blobs}`
 * @throws LoraError USAGE when the folder holds several models
 * @see https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
export async function cachedModel(cache: string, id: HubId): Promise<string | undefined> {
  const repository = join(cache, `models--${id.repository.replace("/", "--")}`);
  const commit = await commitOf(repository, id.revision);
  if (commit === undefined) return undefined;
  const path = join(repository, "snapshots", commit, id.path);
  const file = await fileAt(path);
  if (file === undefined || !(await hasAll(file))) return undefined;
  // An adapter without its config would be read at another scale.
  const needsConfig = basename(file).startsWith("adapter_model.");
  const none = join(repository, ".no_exist", commit, id.path, "adapter_config.json");
  const config = join(dirname(file), "adapter_config.json");
  return !needsConfig || (await isFile(config)) || (await isFile(none)) ? file : undefined;
}

async function commitOf(repository: string, revision: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/u.test(revision)) return revision;
  if (revision.split("/").includes("..")) return undefined;
  const text = await readFile(join(repository, "refs", revision), "utf8").catch(() => "");
  return /^[0-9a-f]{40}$/u.exec(text.trim())?.[0];
}

async function fileAt(path: string): Promise<string | undefined> {
  if (await isFile(path)) return path;
  const names: string[] = await readdir(path).catch(() => []);
  try {
    return join(path, chooseInFolder(names.sort(), path));
  } catch (error) {
    if (error instanceof LoraError && error.code === "MISSING") return undefined;
    throw error;
  }
}

async function hasAll(file: string): Promise<boolean> {
  if (!(await isFile(file))) return false;
  if (!file.endsWith(".index.json")) return true;
  const shards = new Set(parseShardIndex(await readFile(file, "utf8")).values());
  for (const shard of shards) if (!(await isFile(join(dirname(file), shard)))) return false;
  return true;
}

/** Whether a file is there; a link whose file is gone is none. */
async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

import { readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { KnownNorms, WeightNorms } from "@lora/jobs";
import { LoraError } from "@lora/tensor";
import { isRemote, type OpenedCheckpoint } from "@lora/io/node";

/** Norms of a base in a file of the user. */
export interface NormFile {
  readonly known: KnownNorms;
  /** Writes all that is known by now, under the final name at once. */
  save(): Promise<void>;
}

/** Raised when norms are found otherwise, so that older files are not believed. */
const VERSION = 1;

/** What a file of norms holds. */
interface Content {
  readonly version: number;
  /** Size and time of each file of the base: norms of another state of it are not believed. */
  readonly base: readonly (readonly [name: string, bytes: number, modified: number])[];
  readonly norms: Readonly<Record<string, WeightNorms>>;
}

/**
 * The norms that a file keeps of a base; empty where there is no such file, or the base has changed since.
 *
 * @throws LoraError FORMAT when there is a file that is none of norms: it would be overwritten
 */
export async function normFile(path: string, opened: OpenedCheckpoint, basePath: string): Promise<NormFile> {
  const base = await stateOf(opened, basePath);
  const content = await read(path);
  const valid = content?.version === VERSION && JSON.stringify(content.base) === JSON.stringify(base);
  const known = new Map(valid ? Object.entries(content.norms) : []);
  return {
    known,
    async save() {
      const text = JSON.stringify({
        version: VERSION,
        base,
        norms: Object.fromEntries(known),
      } satisfies Content);
      const partial = `${path}.partial-${process.pid}`;
      await writeFile(partial, `${text}\n`);
      await rename(partial, path);
    },
  };
}

/** The files that a base consists of. */
async function stateOf(opened: OpenedCheckpoint, basePath: string): Promise<Content["base"]> {
  if (opened.remote !== undefined) return opened.remote.state.map((text) => [text, 0, 0] as const);
  // What was found of the hub is in the local cache: a file, or shards beside their index.
  const cached = opened.name.endsWith(".index.json") ? dirname(opened.name) : opened.name;
  const path = isRemote(basePath) ? cached : basePath;
  const found = await stat(path);
  if (!found.isDirectory()) return [["", found.size, found.mtimeMs]];
  const names = (await readdir(path)).filter((name) => name.endsWith(".safetensors")).sort();
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(path, name));
      return [name, size, mtimeMs] as const;
    }),
  );
}

async function read(path: string): Promise<Content | undefined> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const content = parsed(text);
  if (content !== undefined) return content;
  throw new LoraError("FORMAT", "this is no file of norms, and it would be overwritten", {
    file: path,
    advice: "name another file with --norms",
  });
}

function parsed(text: string): Content | undefined {
  try {
    const value = JSON.parse(text) as Partial<Content> | null;
    const isNorms =
      typeof value?.version === "number" && typeof value.norms === "object" && Array.isArray(value.base);
    return isNorms ? (value as Content) : undefined;
  } catch {
    return undefined;
  }
}

import { constants, copyFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "./io-error.ts";

/** What tokenizers, settings and licences are kept in; weights and indexes of them are none of these. */
const COMPANION = /(\.(json|txt|model|jinja|tiktoken|md)|LICENSE.*|NOTICE.*)$/iu;

/** Files beside a model that is on a server. */
export interface CompanionFiles {
  /** Plain file names, of companions and of others. */
  readonly names: readonly string[];
  read(name: string): Promise<Uint8Array>;
}

/** Adds the small files of a model, in its folder or from elsewhere, that the other folder does not hold yet. */
export async function addCompanions(from: string | CompanionFiles | undefined, to: string): Promise<void> {
  if (from === undefined) return;
  if (typeof from === "string") return copyCompanions(from, to);
  const present = new Set(await readdir(to));
  for (const name of from.names) {
    if (isCompanion(name) && !present.has(name)) await writeFile(join(to, name), await from.read(name));
  }
}

async function copyCompanions(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const { name } = entry;
    // The cache of the Hugging Face libraries is made of links.
    if (!(entry.isFile() || entry.isSymbolicLink()) || !isCompanion(name)) continue;
    await copyFile(join(from, name), join(to, name), constants.COPYFILE_EXCL).catch((error: unknown) => {
      if (!["EEXIST", "ENOENT"].includes(systemCode(error) ?? "")) throw error;
    });
  }
}

function isCompanion(name: string): boolean {
  return COMPANION.test(name) && !name.endsWith(".index.json");
}

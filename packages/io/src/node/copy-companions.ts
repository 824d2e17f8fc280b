import { constants, copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "./io-error.ts";

/** What tokenizers, settings and licences are kept in; weights and indexes of them are none of these. */
const COMPANION = /(\.(json|txt|model|jinja|tiktoken|md)|LICENSE.*|NOTICE.*)$/iu;

/** Copies the small files of a model's folder that the other folder does not hold yet. */
export async function copyCompanions(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isFile() || !COMPANION.test(name) || name.endsWith(".index.json")) continue;
    await copyFile(join(from, name), join(to, name), constants.COPYFILE_EXCL).catch((error: unknown) => {
      if (systemCode(error) !== "EEXIST") throw error;
    });
  }
}

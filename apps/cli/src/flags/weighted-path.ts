import { stat } from "node:fs/promises";
import { LoraError } from "@lora/tensor";

/** A file and how strongly it counts. */
export interface WeightedPath {
  readonly path: string;
  readonly weight: number;
}

/**
 * Reads `path` or `path:0.7`. A file that has a colon in its name is taken as it is, a URL as a whole where no number is
 * behind its last colon.
 *
 * @throws LoraError USAGE when what follows the colon is no number
 */
export async function weightedPath(text: string): Promise<WeightedPath> {
  const colon = text.lastIndexOf(":");
  if (colon < lastSlashOfRemote(text) || colon <= 1 || (await exists(text))) return { path: text, weight: 1 };
  const [path, digits] = [text.slice(0, colon), text.slice(colon + 1)];
  const weight = digits.trim() === "" ? Number.NaN : Number(digits);
  if (Number.isFinite(weight)) return { path, weight };
  if (/^https?:/iu.test(text)) return { path: text, weight: 1 };
  throw new LoraError("USAGE", `the weight of an adapter is a number, not "${digits}"`, {
    file: path,
    advice: `write it behind a colon, e.g. ${path}:0.7`,
  });
}

/** The colons before it belong to the address or to `hf:`. */
function lastSlashOfRemote(text: string): number {
  return /^(https?:|hf:)/iu.test(text) ? text.lastIndexOf("/") : -1;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

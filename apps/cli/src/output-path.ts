import { join, parse } from "node:path";

const ENDING = ".safetensors";

/** What the path of an output is made from. */
export interface OutputName {
  /** As given with `-o`. */
  readonly out: string;
  /** `out` is a folder that is there. */
  readonly isFolder: boolean;
  /** Path of the input. */
  readonly input: string;
  /** Tells the outputs of several recipes apart; "" for a single one. */
  readonly suffix: string;
  /** The output has small files beside it, as a PEFT adapter has its config. */
  readonly hasSidecars: boolean;
}

/**
 * Where an output goes. A `.safetensors` file gets its suffix before the ending; in a folder that is there the
 * output is named like the input. An adapter with files beside it is a folder itself, and the suffix goes on that.
 */
export function outputPath({ out, isFolder, input, suffix, hasSidecars }: OutputName): string {
  if (out.endsWith(ENDING) && !isFolder) return out.slice(0, -ENDING.length) + suffix + ENDING;
  if (isFolder && !hasSidecars) return join(out, `${nameOf(input)}${suffix}${ENDING}`);
  const folder = out.replace(/[/\\]+$/, "") + suffix;
  return hasSidecars ? `${folder}/` : folder;
}

/** The name of the input without folders and ending; of an address without its query, of an id without its revision. */
function nameOf(input: string): string {
  const path = /^https?:/iu.test(input) ? new URL(input).pathname : input.replace(/^(hf:[^@]*)@[^/]*/u, "$1");
  return parse(path).name;
}

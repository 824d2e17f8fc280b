import { join, parse } from "node:path";

const ENDING = ".safetensors";

/** What the name of an output is made from. */
export interface OutputName {
  /** As given with `-o`: a `.safetensors` file, or a folder. */
  readonly out: string;
  /** Path of the input. */
  readonly input: string;
  /** Tells the outputs of several recipes apart; "" for a single one. */
  readonly suffix: string;
  /** The output has small files beside it, as a PEFT adapter has its config. */
  readonly hasSidecars: boolean;
}

/**
 * Where an output goes. A file gets its suffix before the ending. In a folder it is named like the input; one that
 * has files beside it is a folder itself, and has the suffix on the folder's name.
 */
export function outputPath({ out, input, suffix, hasSidecars }: OutputName): string {
  if (out.endsWith(ENDING)) return out.slice(0, -ENDING.length) + suffix + ENDING;
  const folder = out.replace(/(?<=.)[/\\]+$/, "");
  if (hasSidecars) return join(folder + suffix, `adapter_model${ENDING}`);
  return join(folder, `${parse(input).name}${suffix}${ENDING}`);
}

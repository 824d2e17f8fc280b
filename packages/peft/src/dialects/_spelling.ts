import { LoraError } from "@lora/tensor";
import type { LayerKind } from "../adapter.ts";
import type { Part } from "../parts.ts";
import type { ParsedName } from "./_dialect.ts";

/** One set of endings that a dialect gives to the parts of a module. */
export interface Spelling {
  readonly id: string;
  readonly endings: Readonly<Partial<Record<Part, string>>>;
  readonly layer?: LayerKind;
}

/** Reads a name by its ending: the first spelling with one that fits. Longer endings must come first. */
export function parseEnding(spellings: readonly Spelling[], name: string): ParsedName | undefined {
  for (const { id, endings, layer } of spellings) {
    // Every name of a file meets every ending of every dialect: entries of an object would be made anew each time.
    for (const part in endings) {
      const ending = endings[part as Part]!;
      if (!name.endsWith(ending) || name.length === ending.length) continue;
      return { module: name.slice(0, -ending.length), part: part as Part, spelling: id, layer };
    }
  }
  return undefined;
}

/**
 * The name of a part in a spelling, or in the first that has the part.
 *
 * @throws LoraError USAGE when the dialect has no such spelling or no name for this part
 */
export function printEnding(
  spellings: readonly Spelling[],
  module: string,
  { part, spelling }: { readonly part: Part; readonly spelling?: string | undefined },
): string {
  for (const { id, endings } of spellings) {
    const ending = endings[part];
    if (ending !== undefined && (spelling === undefined || spelling === id)) return module + ending;
  }
  throw new LoraError("USAGE", `no name for the part ${part} in the spelling ${spelling ?? "(any)"}`, {
    part,
    spelling,
    spellings: spellings.map(({ id }) => id),
  });
}

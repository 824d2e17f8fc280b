import { LoraError } from "@lora/tensor";
import { kinds } from "./kinds/_index.ts";
import type { Kind, Parts } from "./kinds/_kind.ts";
import type { Part } from "./parts.ts";

/** The kind that these parts make: of those that use every part, the one that needs most; undefined for none. */
export function kindOfParts(parts: Parts): Kind | undefined {
  const present = [...parts.keys()];
  return kinds
    .filter((kind) => present.every((part) => kind.required.includes(part) || kind.optional.includes(part)))
    .filter((kind) => kind.accepts?.(parts) !== false)
    .sort((a, b) => missing(a, present) - missing(b, present) || b.required.length - a.required.length)[0];
}

/**
 * The kind with this id.
 *
 * @throws LoraError UNSUPPORTED when there is none
 */
export function kindById(id: string): Kind {
  const kind = kinds.find((candidate) => candidate.id === id);
  if (kind !== undefined) return kind;
  throw new LoraError("UNSUPPORTED", `no adapter kind is called ${id}`, {
    kind: id,
    known: kinds.map((known) => known.id),
  });
}

function missing(kind: Kind, present: readonly Part[]): number {
  return kind.required.filter((part) => !present.includes(part)).length;
}

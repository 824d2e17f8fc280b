import { fileName } from "../provenance/file-name.ts";
import { provenance } from "../provenance/provenance.ts";
import type { CombinePlan } from "./combined-file.ts";

const TRIGGER = "modelspec.trigger_phrase";
const MERGED_FROM = "modelspec.merged_from";

/**
 * What the metadata of a combined file says of its origin: JSON under `combine_params`, and its provenance. Where adapters state
 * trigger phrases it states all of them; where the first has modelspec's keys, also what it was merged from.
 */
export function combinedMetadata({
  weighted,
  recipe,
  dtype,
  origin,
}: Pick<CombinePlan, "weighted" | "recipe" | "dtype" | "origin">): Map<string, string> {
  const adapters = weighted.map(({ adapter, weight }) => ({ name: fileName(adapter.file.name), weight }));
  const phrases = new Set(weighted.flatMap(({ adapter }) => adapter.file.metadata.get(TRIGGER) ?? []));
  const isSpecified = [...weighted[0]!.adapter.file.metadata.keys()].some((key) =>
    key.startsWith("modelspec."),
  );
  const names = adapters.map(({ name }) => name).join(", ");
  return new Map([
    ...(phrases.size === 0 ? [] : [[TRIGGER, [...phrases].join(", ")] as const]),
    ...(isSpecified ? [[MERGED_FROM, names] as const] : []),
    ["combine_params", JSON.stringify({ ...recipe, adapters })],
    provenance(origin, "combine", { ...recipe, dtype }),
  ]);
}

import type { CombinePlan } from "./combined-file.ts";

/** What the metadata of a combined file says of its origin, under `combine_params`: JSON. */
export function combinedMetadata({
  weighted,
  recipe,
}: Pick<CombinePlan, "weighted" | "recipe">): Map<string, string> {
  const adapters = weighted.map(({ adapter, weight }) => ({ name: lastPart(adapter.file.name), weight }));
  return new Map([["combine_params", JSON.stringify({ ...recipe, adapters })]]);
}

/** A file's own name: paths of the machine it was made on are nobody's business. */
function lastPart(name: string): string {
  return name.split(/[/\\]/).at(-1)!;
}

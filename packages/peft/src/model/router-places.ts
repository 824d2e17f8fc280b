import { LoraError } from "@lora/tensor";
import type { ArrowOptions } from "../layers/arrow.ts";
import type { AdapterPlace } from "./adapter-place.ts";

/**
 * The places of a router: all layers of the adapters that it knows, which must be the same for each.
 *
 * @param places of each adapter of the model
 * @throws LoraError USAGE when a layer has some of them only
 * @see peft/tuners/lora/arrow.py check_loaded_lora_compatibility_arrow
 */
export function routerPlaces(
  { experts, general = [] }: ArrowOptions,
  places: ReadonlyMap<string, readonly AdapterPlace[]>,
): readonly AdapterPlace[] {
  const holding = (name: string): readonly AdapterPlace[] =>
    (places.get(name) ?? []).filter(({ layer }) => layer.adapters.has(name));
  const [first = "", ...others] = experts;
  const own = holding(first);
  for (const other of [...others, ...general]) {
    const lone = alone(own, holding(other)) ?? alone(holding(other), own);
    if (lone === undefined) continue;
    throw new LoraError(
      "USAGE",
      `behind one router ${first} and ${other} adapt the same layers, not ${lone} alone`,
      {
        adapters: [first, other],
        layer: lone,
      },
    );
  }
  return own;
}

/** A layer of the first list that is not in the second. */
function alone(places: readonly AdapterPlace[], others: readonly AdapterPlace[]): string | undefined {
  const known = new Set(others.map(({ path }) => path));
  return places.find(({ path }) => !known.has(path))?.path;
}

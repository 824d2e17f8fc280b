import { densityOf } from "./_demand.ts";
import type { CombineMethod } from "./_method.ts";
import { bySize } from "./_sparsifiers.ts";

/** Of each update the largest entries stay, and are added. */
export const magnitudePrune: CombineMethod = {
  id: "magnitude_prune",
  title: "Trims small entries, then adds",
  source: "PEFT add_weighted_adapter, combination_type magnitude_prune, on updates",
  options: ["density"],
  rank: "sum",
  bind: (options) => ({
    kind: "entries",
    sparsifier: bySize({ smallest: 1 - densityOf(options), largest: 0 }),
    merge: "sum",
    sign: options.sign ?? "total",
  }),
};

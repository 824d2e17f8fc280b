import type { CombineMethod } from "./_method.ts";
import { chanceByRank } from "./_sparsifiers.ts";

/** Entries stay by a chance that grows with their place in their row, and are divided by it, then added. */
export const dellaLinear: CombineMethod = {
  id: "della_linear",
  title: "Drops entries by chance, small ones sooner, then adds",
  source: "DELLA: Deep et al. 2024, arXiv 2406.11617",
  options: ["density", "epsilon"],
  rank: "sum",
  bind: (options) => ({
    kind: "entries",
    sparsifier: chanceByRank(options),
    merge: "sum",
    sign: options.sign ?? "total",
  }),
};

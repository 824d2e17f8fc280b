import type { CombineMethod } from "./_method.ts";
import { chanceByRank } from "./_sparsifiers.ts";

/** As `della_linear`, and the updates that agree with the winning sign of an entry are averaged. */
export const della: CombineMethod = {
  id: "della",
  title: "Drops entries by chance, small ones sooner, elects a sign, averages those that agree",
  source: "DELLA: Deep et al. 2024, arXiv 2406.11617",
  options: ["density", "epsilon", "sign"],
  rank: "sum",
  bind: (options) => ({
    kind: "entries",
    sparsifier: chanceByRank(options),
    merge: "elect",
    sign: options.sign ?? "total",
  }),
};

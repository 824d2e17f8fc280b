import { densityOf } from "./_demand.ts";
import type { CombineMethod } from "./_method.ts";
import { evenChance } from "./_sparsifiers.ts";

/** As DARE, and the updates that agree with the winning sign of an entry are averaged. */
export const dareTies: CombineMethod = {
  id: "dare_ties",
  title: "Drops entries by chance, elects a sign, averages those that agree",
  source: "DARE: Yu et al. 2023, arXiv 2311.03099; TIES: arXiv 2306.01708",
  options: ["density", "sign"],
  rank: "sum",
  bind: (options) => ({
    kind: "entries",
    sparsifier: evenChance(densityOf(options)),
    merge: "elect",
    sign: options.sign ?? "total",
  }),
};

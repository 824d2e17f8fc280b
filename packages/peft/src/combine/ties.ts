import { densityOf } from "./_demand.ts";
import type { CombineMethod } from "./_method.ts";
import { bySize } from "./_sparsifiers.ts";

/** Of each update the largest entries stay; of each entry the updates that agree with the winning sign are averaged. */
export const ties: CombineMethod = {
  id: "ties",
  title: "Trims small entries, elects a sign, averages those that agree",
  source: "TIES-Merging: Yadav et al. 2023, arXiv 2306.01708",
  options: ["density", "sign"],
  rank: "sum",
  bind: (options) => ({
    kind: "entries",
    sparsifier: bySize({ smallest: 1 - densityOf(options), largest: 0 }),
    merge: "elect",
    sign: options.sign ?? "total",
  }),
};

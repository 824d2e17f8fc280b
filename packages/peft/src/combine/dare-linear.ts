import { densityOf } from "./_demand.ts";
import type { CombineMethod } from "./_method.ts";
import { evenChance } from "./_sparsifiers.ts";

/** Entries stay by chance and are divided by it, then added. */
export const dareLinear: CombineMethod = {
  id: "dare_linear",
  title: "Drops entries by chance and makes up for them, then adds",
  source: "DARE: Yu et al. 2023, arXiv 2311.03099",
  options: ["density"],
  rank: "sum",
  bind: (options) => ({
    kind: "entries",
    sparsifier: evenChance(densityOf(options)),
    merge: "sum",
    sign: options.sign ?? "total",
  }),
};

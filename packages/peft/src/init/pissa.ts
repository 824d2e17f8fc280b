import { svd } from "@lora/linalg";
import type { Initialiser } from "./_initialiser.ts";
import { requireRankFits, requireWeight } from "./_require.ts";
import { firstIndices } from "../rank/_prefix.ts";
import { splitEvenly } from "./_split.ts";

/** The leading r singular triples of W, halved between the factors; W keeps the rest. O(out·in·min(out, in)). */
export const pissa: Initialiser = {
  id: "pissa",
  title: "The principal part of the weight, by its exact SVD, taken out of the weight",
  source: "Meng et al. 2024, arXiv 2404.02948; PEFT init_lora_weights='pissa'",
  options: {},
  bind: () => ({
    id: "pissa",
    title: "pissa",
    needs: ["weight"],
    base: "reduced",
    peftName: true,
    make(module) {
      requireRankFits(module);
      const { engine, rank, scale } = module;
      return splitEvenly(svd(requireWeight(module), { engine }), firstIndices(rank), scale);
    },
  }),
};

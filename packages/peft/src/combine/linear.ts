import type { CombineMethod } from "./_method.ts";
import { weightedSum } from "./_weighted-sum.ts";

/** Σ wᵢ·ΔWᵢ at the least rank that holds it. */
export const linear: CombineMethod = {
  id: "linear",
  title: "Exact weighted sum, at the least rank that holds it",
  source: "task arithmetic: Ilharco et al. 2022, arXiv 2212.04089, on updates",
  options: [],
  rank: "whole",
  bind: () => weightedSum,
};

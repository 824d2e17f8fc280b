import type { CombineMethod } from "./_method.ts";
import { weightedSum } from "./_weighted-sum.ts";

/** Σ wᵢ·ΔWᵢ truncated, by default to the largest rank among the updates. */
export const svd: CombineMethod = {
  id: "svd",
  title: "Weighted sum, truncated to the largest rank of the adapters",
  source: "Eckart & Young 1936; PEFT add_weighted_adapter, combination_type svd",
  options: [],
  rank: "largest",
  bind: () => weightedSum,
};

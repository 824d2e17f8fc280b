import type { CombineMethod } from "./_method.ts";
import { weightedSum } from "./_weighted-sum.ts";

/** Σ wᵢ·ΔWᵢ with the factors side by side as they are: nothing is decomposed, the ranks add up. */
export const cat: CombineMethod = {
  id: "cat",
  title: "Exact weighted sum, factors side by side; ranks add up",
  source: "PEFT add_weighted_adapter, combination_type cat",
  options: [],
  rank: "stacked",
  bind: () => weightedSum,
};

export { bindCombineMethod } from "./_bind.ts";
export type { BoundMethod } from "./_bind.ts";
export { combineMethods } from "./_index.ts";
export { gramOf, interference } from "./_interference.ts";
export type { Interference, PairInterference } from "./_interference.ts";
export { mergeEntries } from "./_merge-entries.ts";
export type { MergeEntriesOptions, WeightedUpdate } from "./_merge-entries.ts";
export type {
  CoefficientRule,
  CombineMethod,
  CombineOptions,
  CombineRule,
  EntryRule,
  Sparsifier,
} from "./_method.ts";
export { exactSum, reducedSum } from "./_reduced-sum.ts";
export { stackedFactors } from "./_stacked.ts";
export { seedOf } from "./_seed-of.ts";
export { weightedSum } from "./_weighted-sum.ts";

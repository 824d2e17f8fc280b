export { bindInitialiser } from "./_bind.ts";
export { recordedDraws, seededDraws } from "./_draws.ts";
export type { InitDraws } from "./_draws.ts";
export { initialisers } from "./_index.ts";
export type {
  BaseChange,
  BoundInitialiser,
  InitComponents,
  InitFactors,
  Initialiser,
  InitModule,
  InitNeed,
} from "./_initialiser.ts";
export { replaceLoraWeightsLoftq } from "./_replace-lora-weights-loftq.ts";
export type { QuantisedModule, ReplaceLoftqOptions } from "./_replace-lora-weights-loftq.ts";
export { withoutUpdate } from "./_residual.ts";

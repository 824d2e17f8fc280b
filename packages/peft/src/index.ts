export type {
  Adapter,
  AdapterModule,
  Component,
  Detection,
  ExtraTensor,
  LayerKind,
  Magnitude,
  ModuleSettings,
  NamedTensor,
} from "./adapter.ts";
export type { Delta, Factors, StoredFactors } from "./delta.ts";
export type { Part } from "./parts.ts";
export { DenseDelta } from "./dense-delta.ts";
export { KroneckerDelta } from "./kronecker-delta.ts";
export { LowRankDelta } from "./low-rank-delta.ts";
export type { LowRankDeltaOptions } from "./low-rank-delta.ts";
export { loadDelta } from "./load-delta.ts";
export { isWhole, needsBase, plainDelta } from "./plain-delta.ts";
export { kinds } from "./kinds/_index.ts";
export type { Kind, LoadOptions, ModuleForm, Parts } from "./kinds/_kind.ts";
export { kindById } from "./kind-of.ts";
export { DEFAULT_LORA_CONFIG, PEFT_VERSION } from "./config/lora-config.ts";
export type { InitLoraWeights, LoraConfig, LoraRuntimeConfig, TaskType } from "./config/lora-config.ts";
export type { LoraConfigOptions, SubConfigField } from "./config/lora-config-options.ts";
export { parseLoraConfig, printLoraConfig } from "./config/lora-config-text.ts";
export type { LoraConfigExtras, LoraConfigFile } from "./config/lora-config-text.ts";
export { loraScales, scaleOf } from "./config/lora-scales.ts";
export type { LoraScales, RankAndAlpha } from "./config/lora-scales.ts";
export { loraConfig } from "./config/resolve-lora-config.ts";
export type { ResolvedLoraConfig } from "./config/resolve-lora-config.ts";
export type {
  ArrowConfig,
  BdLoraConfig,
  CordaConfig,
  EvaConfig,
  KasaConfig,
  LoftqConfig,
  LoraGaConfig,
  MontecloraConfig,
  VeloraConfig,
} from "./config/sub-configs.ts";
export {
  DEFAULT_ARROW_CONFIG,
  DEFAULT_BD_LORA_CONFIG,
  DEFAULT_CORDA_CONFIG,
  DEFAULT_EVA_CONFIG,
  DEFAULT_KASA_CONFIG,
  DEFAULT_LOFTQ_CONFIG,
  DEFAULT_LORA_GA_CONFIG,
  DEFAULT_MONTECLORA_CONFIG,
  DEFAULT_VELORA_CONFIG,
} from "./config/sub-configs.ts";
export { demandTogether } from "./targets/adapters-together.ts";
export { allLinear } from "./targets/all-linear.ts";
export { defaultTargets } from "./targets/default-targets.ts";
export { describeModel } from "./targets/describe-model.ts";
export type { DescribeOptions } from "./targets/describe-model.ts";
export { minimalTargets } from "./targets/minimal-targets.ts";
export type {
  ModelDescription,
  ModuleDescription,
  ModuleKind,
  ParameterDescription,
} from "./targets/model-description.ts";
export { replicateLayers } from "./targets/replicate-layers.ts";
export type { ReplicatedModel } from "./targets/replicate-layers.ts";
export { resolveTargets } from "./targets/resolve-targets.ts";
export type { ResolvedTargets, TargetedModule, TargetSize } from "./targets/resolve-targets.ts";
export type { TrainedTokens } from "./targets/saved-modules.ts";
export { targetMatcher } from "./targets/target-matcher.ts";
export type { TargetFields, TargetMatch } from "./targets/target-matcher.ts";
export type { TargetedParameter } from "./targets/target-parameters.ts";
export { dialects } from "./dialects/_index.ts";
export type {
  Dialect,
  ModuleScale,
  ParsedName,
  Place,
  ScaledModule,
  Scaling,
  Texts,
  WrittenModule,
} from "./dialects/_dialect.ts";
export { dialectOf } from "./dialect-of.ts";
export { detectDialects, dialectById } from "./reading/detect-dialect.ts";
export { demandMagnitude } from "./reading/with-magnitudes.ts";
export { readAdapter } from "./reading/read-adapter.ts";
export type { ReadAdapterOptions } from "./reading/read-adapter.ts";
export { rewriteAdapter } from "./writing/rewrite-adapter.ts";
export type { RewriteOptions } from "./writing/rewrite-adapter.ts";
export type { EncodedFactors, FactorSource, ModuleChange } from "./writing/module-change.ts";
export { rewriteForms } from "./writing/rewrite-forms.ts";
export type { RewriteForms, TensorForm, TensorPlace } from "./writing/rewrite-forms.ts";
export { rewrittenScales } from "./writing/rewritten-scales.ts";
export { rewrittenSpecs } from "./writing/rewritten-specs.ts";
export type { RewrittenSpecs, RewrittenSpecsOptions } from "./writing/rewritten-specs.ts";
export { convertedFile, planConversion, writers } from "./conversion/index.ts";
export type {
  ConversionOptions,
  ConversionPlan,
  ConvertedFactors,
  PlannedModule,
  Slot,
  Writer,
} from "./conversion/index.ts";
export { architectures } from "./architectures/_index.ts";
export type { Alias, Architecture, Clues } from "./architectures/_architecture.ts";
export { canonicalTarget } from "./pairing/canonical-target.ts";
export { pairWithBase } from "./pairing/pair-with-base.ts";
export type { BasePairing, PairedWeight, UnpairedModule } from "./pairing/pair-with-base.ts";
export { readBaseWeight } from "./pairing/read-base-weight.ts";
export type { ReadBaseOptions } from "./pairing/read-base-weight.ts";
export {
  atLeastOne,
  bindRankRule,
  capped,
  DEFAULT_RECIPE,
  energyRule,
  errorRule,
  fixedRule,
  kneeRule,
  parseRecipes,
  rankRules,
  recipeChoice,
  recipeMetadata,
  recipeParts,
  recipeRule,
  recipeScores,
  recipeSuffix,
  SCORE_WEIGHTS,
  shrunkLoraRecipe,
  svCumulativeRule,
  svFroRule,
  svRatioRule,
} from "./rank/index.ts";
export type {
  BaseNeed,
  BaseReference,
  ModuleSpectrum,
  RankCap,
  RankChoice,
  RankContext,
  RankOption,
  RankOptionValues,
  RankRule,
  Recipe,
  ScoreWeight,
  Selection,
  ShrunkLoraTarget,
} from "./rank/index.ts";
export {
  bindCombineMethod,
  combineMethods,
  gramOf,
  interference,
  mergeEntries,
  reducedSum,
  seedOf,
  stackedFactors,
  weightedSum,
} from "./combine/index.ts";
export type {
  BoundMethod,
  CoefficientRule,
  CombineMethod,
  CombineOptions,
  CombineRule,
  EntryRule,
  Interference,
  MergeEntriesOptions,
  PairInterference,
  Sparsifier,
  WeightedUpdate,
} from "./combine/index.ts";
export { combineAsPeft } from "./combine-peft/combine-as-peft.ts";
export type { CombineAsPeftOptions } from "./combine-peft/combine-as-peft.ts";
export type { PeftFactors } from "./combine-peft/peft-factors.ts";
export { PEFT_COMBINATIONS } from "./combine-peft/combinations.ts";
export type { PeftCombination, PeftCombinationName } from "./combine-peft/combinations.ts";
export type { DrawMask } from "./combine-peft/task-tensors.ts";
export { adoptModules } from "./writing/adopt-modules.ts";
export type { ForeignModule } from "./writing/spell-module.ts";
export { factorTensor } from "./writing/factor-tensor.ts";
export { transposedBytes } from "./writing/transposed-bytes.ts";
export {
  bindInitialiser,
  initialisers,
  recordedDraws,
  replaceLoraWeightsLoftq,
  seededDraws,
  withoutUpdate,
} from "./init/index.ts";
export type {
  BaseChange,
  BoundInitialiser,
  InitComponents,
  InitDraws,
  InitFactors,
  Initialiser,
  InitModule,
  InitNeed,
  QuantisedModule,
  ReplaceLoftqOptions,
} from "./init/index.ts";
export {
  activationsOfFile,
  addToCovariance,
  addToPca,
  covarianceOf,
  evaDirections,
  inputCovariances,
  meanGradients,
  tokenMask,
} from "./statistics/index.ts";
export type {
  ActivationBatch,
  ActivationFileOptions,
  ActivationSource,
  CovarianceSum,
  EvaLayer,
  EvaModule,
  EvaOptions,
  GradientBatch,
  PcaOptions,
  PcaState,
  TokenMaskInput,
} from "./statistics/index.ts";
export { convertToLora } from "./convert/convert-to-lora.ts";
export type { ConvertToLoraOptions } from "./convert/convert-to-lora.ts";
export { loraOfUpdate } from "./convert/lora-of-update.ts";
export type { ConvertedUpdate, KeptPart } from "./convert/lora-of-update.ts";
export { reduceIntruders } from "./convert/reduce-intruders.ts";
export type { IntruderInput, IntruderOptions, ReducedIntruders } from "./convert/reduce-intruders.ts";
export { subtractMutatedInit } from "./convert/subtract-mutated-init.ts";
export { aloraOffsets, alora } from "./layers/alora.ts";
export { arrow } from "./layers/arrow.ts";
export type { ArrowOptions } from "./layers/arrow.ts";
export type { AttentionOutput } from "./layers/attention.ts";
export { bdLora } from "./layers/bdlora.ts";
export type { BlockDiagonal } from "./layers/bdlora.ts";
export type { PaddingMode } from "./layers/convolution-places.ts";
export { ConvolutionLayer } from "./layers/convolution.ts";
export type { ConvolutionOptions } from "./layers/convolution.ts";
export { denseTensor, loadTensor, storedTensor, typedTensor } from "./layers/dense-tensor.ts";
export type { DenseTensor, TypedTensor } from "./layers/dense-tensor.ts";
export { dora, rowNorms } from "./layers/dora.ts";
export type { NormOptions } from "./layers/dora.ts";
export { EmbeddingLayer } from "./layers/embedding.ts";
export type { EmbeddingOptions } from "./layers/embedding.ts";
export { ExpertsLayer } from "./layers/experts.ts";
export type { ExpertsOptions } from "./layers/experts.ts";
export { BASE } from "./layers/forward-rows.ts";
export type { ForwardOptions } from "./layers/forward-rows.ts";
export { HfConv1dLayer } from "./layers/hf-conv1d.ts";
export { kasa, kasaBase } from "./layers/kasa.ts";
export type { AdapterTensors, AdapterWeights, FactorShapes, LayerAdapter } from "./layers/layer-adapter.ts";
export { LinearLayer } from "./layers/linear.ts";
export type { BaseWeights, LayerPass, LoraLayer } from "./layers/lora-layer.ts";
export { Lora } from "./layers/lora.ts";
export type { LoraOptions } from "./layers/lora.ts";
export type { MergeOptions, UnmergeReport } from "./layers/merged-weight.ts";
export { MultiheadAttentionLayer } from "./layers/multihead-attention.ts";
export type { AttendOptions, AttentionOptions } from "./layers/multihead-attention.ts";
export { Parameter } from "./layers/parameter.ts";
export { qalora } from "./layers/qalora.ts";
export { mica, monteclora, velora } from "./layers/same-as-plain.ts";
export type { Tokens, WeightView } from "./layers/tokens.ts";
export type { AdaptedKind, ForwardStep, Variant, VariantLayer } from "./layers/variant.ts";
export type { AdapterPlace, InitialAdapter, Initialise } from "./model/adapter-place.ts";
export type { AdaptedModule, BaseModule, ModuleLayer } from "./model/base-module.ts";
export type { LoraModelOptions } from "./model/choose-places.ts";
export { LoraModel } from "./model/lora-model.ts";
export type { LoadOptions as LoadAdapterOptions, LoadReport } from "./model/load-options.ts";
export type { LayerStatus, ModelStatus } from "./model/status.ts";
export type { UnloadedModel } from "./model/unload.ts";
export type { OtherRows } from "./model/with-rows.ts";
export { withRows } from "./model/with-rows.ts";

export { analyse } from "./analyse/analyse.ts";
export type { AnalyseOptions } from "./analyse/analyse.ts";
export { combine } from "./combine/combine.ts";
export type { CombineJobOptions } from "./combine/combine.ts";
export type { CombineOutput } from "./combine/combined-file.ts";
export type { AdapterPair, CombinedModule, CombineReport } from "./combine/combine-report.ts";
export type { CombineInput } from "./combine/inputs.ts";
export { combineMethodNames } from "./combine/recipe.ts";
export type { CombineRecipe } from "./combine/recipe.ts";
export { extract } from "./extract/extract.ts";
export type { ExtractOptions, ExtractOutput } from "./extract/extract.ts";
export { init } from "./init/init.ts";
export type { InitOptions, InitOutput } from "./init/init.ts";
export { initMethods } from "./init/init-methods.ts";
export { inspect } from "./inspect.ts";
export type { InspectOptions } from "./inspect.ts";
export { merge } from "./merge/merge.ts";
export type { MergeInput, MergeOptions, MergeOutput } from "./merge/merge.ts";
export type { MergeWritten } from "./merge/merge-report.ts";
export type { ExtractReport, MergedModule, MergeReport } from "./model-reports.ts";
export { createPool } from "./pool/create-pool.ts";
export type { PoolOptions } from "./pool/create-pool.ts";
export type { RunContext } from "./pool/run-context.ts";
export type { PoolTask, TaskRequest, WorkerPool } from "./pool/worker-pool.ts";
export type { PoolWorker, Spawn, WorkerEvents } from "./pool/worker-seat.ts";
export type {
  AnalyseReport,
  BaseAnalysis,
  DeviceSummary,
  ErrorReport,
  ExtraSummary,
  FileSummary,
  InitialisedModule,
  InitReport,
  InspectReport,
  ModuleAnalysis,
  ModuleSummary,
  RankOutlook,
  RankSummary,
  ResizedModule,
  ResizeReport,
  VerifiedModule,
  VerifyReport,
} from "./reports.ts";
export type { KnownNorms, WeightNorms } from "./resize/known-norms.ts";
export { resize } from "./resize/resize.ts";
export type { ResizeOptions } from "./resize/resize.ts";
export type { ResizeOutput } from "./resize/resized-file.ts";
export type { FactorDType } from "./resize/stored-dtype.ts";
export { resizeTasks } from "./resize/tasks.ts";
export type { ResizeFlags, ResizeTask } from "./resize/tasks.ts";
export { verify } from "./verify/verify.ts";
export type { VerifyOptions } from "./verify/verify.ts";
export { adapterSpectra } from "./what-if/adapter-spectra.ts";
export type { AdapterSpectra, SpectraOptions } from "./what-if/adapter-spectra.ts";
export type { AdapterHeader, ModuleHeader, TensorHeader } from "./what-if/adapter-header.ts";
export type { Preview, PreviewedModule, PreviewRequest } from "./what-if/preview.ts";
export { Previewer } from "./what-if/previewer.ts";
export { recipeSettings, recipeText } from "./what-if/recipe-settings.ts";
export type { RecipeSettings } from "./what-if/recipe-settings.ts";

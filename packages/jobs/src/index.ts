export { analyse } from "./analyse/analyse.ts";
export type { AnalyseOptions } from "./analyse/analyse.ts";
export { combine } from "./combine/combine.ts";
export type { CombineJobOptions } from "./combine/combine.ts";
export type { CombineOutput } from "./combine/combined-file.ts";
export type { AdapterPair, CombinedModule, CombineReport } from "./combine/combine-report.ts";
export type { CombineInput } from "./combine/inputs.ts";
export { combineMethodNames } from "./combine/recipe.ts";
export type { CombineRecipe } from "./combine/recipe.ts";
export { compare } from "./compare/compare.ts";
export type { CompareOptions } from "./compare/compare.ts";
export type {
  ComparedFile,
  ComparedModule,
  ComparedPair,
  CompareReport,
  Similarity,
} from "./compare/compare-report.ts";
export { convert } from "./convert/convert.ts";
export type { ConvertOutput } from "./convert/convert.ts";
export type { ConvertOptions } from "./convert/conversion.ts";
export type { ConvertReport, ConvertReportModule } from "./convert/convert-report.ts";
export { ggufContent } from "./convert/gguf-content.ts";
export { extract } from "./extract/extract.ts";
export type { ExtractOptions, ExtractOutput } from "./extract/extract.ts";
export { init } from "./init/init.ts";
export type { InitOptions, InitOutput } from "./init/init.ts";
export { initMethods } from "./init/init-methods.ts";
export { inspect } from "./inspect.ts";
export type { InspectOptions } from "./inspect.ts";
export type { Part } from "./join/check-parts.ts";
export { joinParts } from "./join/join-parts.ts";
export type { JoinOutput } from "./join/join-parts.ts";
export { merge } from "./merge/merge.ts";
export type { MergeInput, MergeOptions, MergeOutput } from "./merge/merge.ts";
export type { MergeWritten } from "./merge/merge-report.ts";
export { describeMetadata } from "./metadata/describe-metadata.ts";
export type { DescribedMetadata, MetadataFact } from "./metadata/describe-metadata.ts";
export type { MetadataEdits } from "./metadata/edited-metadata.ts";
export type { ImageFacts } from "./metadata/image-facts.ts";
export { metadata } from "./metadata/metadata.ts";
export type { MetadataOutput } from "./metadata/metadata.ts";
export type { MetadataChanges, MetadataReport, ThumbnailSummary } from "./metadata/metadata-report.ts";
export type { TagCount } from "./metadata/tag-counts.ts";
export { thumbnailOf } from "./metadata/thumbnail.ts";
export type { Thumbnail } from "./metadata/thumbnail.ts";
export type { TriggerWords } from "./metadata/trigger-words.ts";
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
  UnmeasuredModule,
} from "./reports.ts";
export type { KnownNorms, WeightNorms } from "./resize/known-norms.ts";
export { resize } from "./resize/resize.ts";
export type { ResizeOptions } from "./resize/resize.ts";
export type { ResizeOutput } from "./resize/resized-file.ts";
export type { FactorDType } from "./resize/stored-dtype.ts";
export { resizeTasks } from "./resize/tasks.ts";
export type { ResizeFlags, ResizeTask } from "./resize/tasks.ts";
export type { FileHeader } from "./shard/file-header.ts";
export { knownSpectra } from "./what-if/known-spectra.ts";
export { Findings } from "./shard/findings.ts";
export type { FindingsText, Found } from "./shard/findings.ts";
export { parsePartRecord } from "./shard/part-record.ts";
export type { PartRecord } from "./shard/part-record.ts";
export type { OutputPlace, SplitOutput } from "./shard/run-job.ts";
export { planShare, runShare } from "./shard/run-share.ts";
export type { PartOutput, ShareRun } from "./shard/run-share.ts";
export type { Share } from "./shard/share.ts";
export type { SplitFiles, SplitJob, SplitJobName } from "./shard/split-job.ts";
export { verify } from "./verify/verify.ts";
export type { VerifyOptions } from "./verify/verify.ts";
export { adapterSpectra } from "./what-if/adapter-spectra.ts";
export type { AdapterSpectra, SpectraOptions } from "./what-if/adapter-spectra.ts";
export type { AdapterHeader, ModuleHeader, TensorHeader } from "./what-if/adapter-header.ts";
export type { Preview, PreviewedModule, PreviewRequest } from "./what-if/preview.ts";
export { Previewer } from "./what-if/previewer.ts";
export { recipeSettings, recipeText } from "./what-if/recipe-settings.ts";
export type { RecipeSettings } from "./what-if/recipe-settings.ts";

import { readAdapter } from "@lora/peft";
import type { JobContext, TensorFile } from "@lora/tensor";
import type { InspectReport } from "./reports.ts";
import { extraSummary, fileSummary, moduleSummary, rankHistogram } from "./summaries.ts";

/** What `inspect` may be told. */
export interface InspectOptions {
  /** Id of the dialect to read the file in, instead of the one it is detected as. */
  readonly dialect?: string | undefined;
}

/**
 * Says what an adapter file is: dialect, base architecture, modules with rank, alpha and shape, metadata.
 * Reads the header and the alpha scalars; no weights.
 *
 * @throws LoraError UNSUPPORTED when no dialect fits; FORMAT, SHAPE, MISSING, NUMERIC when a module is broken
 */
export async function inspect(
  file: TensorFile,
  options: InspectOptions = {},
  context: JobContext = {},
): Promise<InspectReport> {
  const adapter = await readAdapter(file, { dialect: options.dialect, signal: context.signal });
  const config = file.sidecars.get("adapter_config.json");
  return {
    job: "inspect",
    file: fileSummary(file),
    format: file.format ?? "memory",
    dialect: adapter.detection.dialect,
    confidence: adapter.detection.confidence,
    reasons: adapter.detection.reasons,
    baseArchitecture: adapter.baseArchitecture,
    modules: adapter.modules.map(moduleSummary),
    ranks: rankHistogram(adapter),
    extras: adapter.extras.map(extraSummary),
    metadata: Object.fromEntries(file.metadata),
    config: config === undefined ? null : JSON.parse(config),
    warnings: adapter.warnings,
  };
}

import { readAdapter } from "@lora/peft";
import { LoraError, type TensorFile } from "@lora/tensor";
import { fingerprintOf } from "./compare/compare.ts";
import type { RunContext } from "./pool/run-context.ts";
import type { InspectReport } from "./reports.ts";
import { extraSummary, fileSummary, moduleSummary, rankHistogram } from "./summaries.ts";

/** What `inspect` may be told. */
export interface InspectOptions {
  /** Id of the dialect to read the file in, instead of the one it is detected as. */
  readonly dialect?: string | undefined;
  /** The fingerprint of the update, too, for which all weights are read. */
  readonly fingerprint?: boolean | undefined;
  /** Nothing is read but the header: alphas that are tensors are null, and their scales as if there were none. */
  readonly headerOnly?: boolean | undefined;
}

/**
 * Says what an adapter file is: dialect, base architecture, modules with rank, alpha and shape, metadata.
 * Reads the header and the alpha scalars; no weights unless a fingerprint is asked for.
 *
 * @throws LoraError UNSUPPORTED when no dialect fits, with the `format` of the file and how its tensors are `stored`
 *   among the facts; FORMAT, SHAPE, MISSING, NUMERIC when a module is broken
 */
export async function inspect(
  file: TensorFile,
  options: InspectOptions = {},
  context: RunContext = {},
): Promise<InspectReport> {
  const { dialect, headerOnly = false } = options;
  const read = readAdapter(file, { dialect, alphas: !headerOnly, signal: context.signal });
  const adapter = await read.catch((error: unknown) => {
    const foreign = error instanceof LoraError && error.code === "UNSUPPORTED";
    throw foreign ? error.at({ format: file.format, stored: storedText(file) }) : error;
  });
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
    fingerprint: options.fingerprint === true ? await fingerprintOf(adapter, context) : null,
    metadata: Object.fromEntries(file.metadata),
    config: config === undefined ? null : JSON.parse(config),
    warnings: adapter.warnings,
  };
}

/** How many tensors are stored as what, the most frequent first: `44 f32, 23 f16`. */
function storedText({ tensors }: TensorFile): string {
  const counts = new Map<string, number>();
  for (const { dtype, storedAs = dtype } of tensors.values()) {
    counts.set(storedAs, (counts.get(storedAs) ?? 0) + 1);
  }
  const descending = [...counts].sort(([, a], [, b]) => b - a);
  return descending.map(([name, count]) => `${count} ${name}`).join(", ");
}

import { readAdapter } from "@lora/peft";
import { LoraError, type TensorFile } from "@lora/tensor";
import type { RunContext } from "../pool/run-context.ts";
import { fileSummary } from "../summaries.ts";
import { editedMetadata, type MetadataEdits } from "./edited-metadata.ts";
import type { MetadataChanges, MetadataReport, ThumbnailSummary } from "./metadata-report.ts";
import { parsedJson } from "./parsed.ts";
import { THUMBNAIL, thumbnailOf } from "./thumbnail.ts";

/** A file with edited metadata. */
export interface MetadataOutput {
  /** The same tensors, copied byte for byte when it is written. */
  readonly file: TensorFile;
  report(written?: { readonly path: string; readonly bytes: number }): MetadataReport;
}

/**
 * Edits the metadata of a checkpoint and tells what is in it. Reads no values. Hashes in the metadata are brought up to date by
 * who writes the file.
 *
 * @throws LoraError as `editedMetadata` does
 */
export async function metadata(
  file: TensorFile,
  edits: MetadataEdits = {},
  { signal }: RunContext = {},
): Promise<MetadataOutput> {
  const edited = editedMetadata(file.metadata, edits);
  const changed = { ...file, metadata: edited };
  const changes = changesOf(file.metadata, edited);
  const anyChange = Object.values(changes).some((keys) => keys.length > 0);
  const warnings = anyChange ? await meaningWarnings(file, changed, signal) : [];
  const { summary, warning } = thumbnailSummary(edited.get(THUMBNAIL));
  const config = file.sidecars.get("adapter_config.json");
  return {
    file: changed,
    report: (written) => ({
      job: "metadata",
      file: fileSummary(file),
      metadata: Object.fromEntries(edited),
      config: config === undefined ? null : parsedJson(config),
      thumbnail: summary,
      changes,
      output: written ?? null,
      warnings: [...warnings, ...warning],
    }),
  };
}

function changesOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): MetadataChanges {
  return {
    added: [...after.keys()].filter((key) => !before.has(key)),
    changed: [...after]
      .filter(([key, value]) => before.has(key) && before.get(key) !== value)
      .map(([key]) => key),
    removed: [...before.keys()].filter((key) => !after.has(key)),
  };
}

/** Some files say their scale or kind nowhere else. */
async function meaningWarnings(
  before: TensorFile,
  after: TensorFile,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const [old, edited] = await Promise.all([meaning(before, signal), meaning(after, signal)]);
  if (old === undefined || old === edited) return [];
  return [
    "with this metadata the updates read otherwise than before: their scale, kind or names depend on what was edited",
  ];
}

/** What an adapter's modules are read as; undefined of what is no adapter. */
async function meaning(file: TensorFile, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    const { modules, detection } = await readAdapter(file, { signal });
    return JSON.stringify([detection.dialect, modules.map(({ name, kind, scale }) => [name, kind, scale])]);
  } catch (error) {
    if (error instanceof LoraError && error.code !== "ABORTED") return undefined;
    throw error;
  }
}

function thumbnailSummary(url: string | undefined): {
  readonly summary: ThumbnailSummary | null;
  readonly warning: readonly string[];
} {
  if (url === undefined) return { summary: null, warning: [] };
  try {
    const { bytes, ...facts } = thumbnailOf(url);
    return { summary: { ...facts, bytes: bytes.length }, warning: [] };
  } catch (error) {
    if (!(error instanceof LoraError)) throw error;
    return { summary: null, warning: [error.message] };
  }
}

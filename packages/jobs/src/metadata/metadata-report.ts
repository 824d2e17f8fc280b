import type { FileSummary } from "../reports.ts";
import type { ImageFacts } from "./image-facts.ts";

/** What became of metadata: keys, in the order of the file. */
export interface MetadataChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** A picture, without its bytes. */
export interface ThumbnailSummary extends ImageFacts {
  readonly bytes: number;
}

/** What `metadata` finds and does. */
export interface MetadataReport {
  readonly job: "metadata";
  readonly file: FileSummary;
  /** As edited; hashes that are recalculated when it is written are empty. */
  readonly metadata: Readonly<Record<string, string>>;
  /** adapter_config.json, where there is one. */
  readonly config: unknown;
  readonly thumbnail: ThumbnailSummary | null;
  readonly changes: MetadataChanges;
  /** Null where nothing was written. */
  readonly output: { readonly path: string; readonly bytes: number } | null;
  readonly warnings: readonly string[];
}

import type { Adapter } from "@lora/peft";
import { type Origin, provenance } from "../provenance/provenance.ts";
import { rankSummary } from "../summaries.ts";

/** What the metadata of a resized file says of its origin. */
export interface ResizeNote {
  /** The rule, as `ResizeTask.metadata` gives it: JSON. */
  readonly params: string;
  /** Its title. */
  readonly rule: string;
  readonly dtype: string | undefined;
  readonly origin: Origin;
}

/**
 * The metadata of a resized file: the rule under `resize_params`, its provenance, and for files from kohya's trainer a note in
 * `ss_training_comment`, in the words its own tool uses.
 */
export function resizedMetadata(
  adapter: Adapter,
  ranks: readonly number[],
  { params, rule, dtype, origin }: ResizeNote,
): Map<string, string> {
  const added = new Map([["resize_params", params], provenance(origin, "resize", { rule, dtype })]);
  const comment = adapter.file.metadata.get("ss_training_comment");
  if (comment !== undefined || adapter.file.metadata.has("ss_network_dim")) {
    const before = rankText(adapter.modules.map((module) => module.rank));
    const note = `dimension is resized from ${before} to ${rankText(ranks.filter((rank) => rank > 0))}`;
    added.set(
      "ss_training_comment",
      comment === undefined || comment === "None" ? note : `${note}; ${comment}`,
    );
  }
  return added;
}

function rankText(ranks: readonly number[]): string {
  const { min, max } = rankSummary(ranks);
  return min === max ? String(min) : `${min}-${max}`;
}

import { type Adapter, atLeastOne, dialectOf, type ModuleSpectrum, type Selection } from "@lora/peft";
import { plannedBytes, type PlannedFile } from "./planned-bytes.ts";
import type { ResizeTask } from "./tasks.ts";

/** What pairs are chosen from, and how. */
export interface PairChoice extends PlannedFile {
  readonly adapter: Adapter;
  readonly spectra: readonly ModuleSpectrum[];
  readonly task: ResizeTask;
}

/**
 * The pairs a task keeps. Some readers need every module they expect: there, one pair of each is kept, and counted
 * in the size.
 */
export function choosePairs({ adapter, spectra, task, ...planned }: PairChoice): Selection {
  const fileBytes = plannedBytes(adapter, task, planned);
  if (!dialectOf(adapter).keepsEveryModule) return task.choice.choose(spectra, { fileBytes });
  const withEveryModule = (ranks: readonly number[]): number =>
    fileBytes(ranks.map((rank) => Math.max(rank, 1)));
  return atLeastOne(task.choice.choose(spectra, { fileBytes: withEveryModule }), spectra);
}

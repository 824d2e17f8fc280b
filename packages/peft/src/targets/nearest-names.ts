import { editDistance } from "@lora/tensor";
import type { ModelDescription } from "./model-description.ts";

/** More are no help. */
const MOST = 5;

/**
 * Ends of names of adaptable modules that are most like what was asked for, most alike first: for advice.
 *
 * @param wanted names that fit nothing
 */
export function nearestNames(wanted: readonly string[], model: ModelDescription): readonly string[] {
  const ends = new Set(
    model.modules
      .filter(({ kind }) => kind !== "other")
      .map(({ name }) => name.slice(name.lastIndexOf(".") + 1)),
  );
  const distance = (end: string): number =>
    Math.min(...wanted.map((name) => editDistance(name.slice(name.lastIndexOf(".") + 1), end)));
  return [...ends]
    .map((end) => ({ end, away: distance(end) }))
    .sort((a, b) => a.away - b.away)
    .slice(0, MOST)
    .map(({ end }) => end);
}

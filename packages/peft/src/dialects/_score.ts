import type { Detection } from "../adapter.ts";
import type { ParsedName } from "./_dialect.ts";
import { otherTensor } from "./_other-tensors.ts";

/** What a count of the names in a file shows of a dialect. */
export interface NameCensus {
  /** Share of the names that belong to low-rank modules of the dialect, 0 to 1. */
  readonly share: number;
  readonly claimed: number;
  /** In the order of the file. */
  readonly modules: readonly string[];
}

/**
 * Counts the names that a dialect reads. A lone alpha does not count: every dialect of alpha tensors would
 * claim it; nor does the name of a family that is only known by name.
 */
export function census(
  names: readonly string[],
  parse: (name: string) => ParsedName | undefined,
): NameCensus {
  const sizes = new Map<string, number>();
  const alphas: string[] = [];
  for (const name of names) {
    const parsed = parse(name);
    if (parsed === undefined || otherTensor(name) !== undefined) continue;
    if (parsed.part === "alpha" || parsed.part === "ia3_weight") alphas.push(parsed.module);
    else sizes.set(parsed.module, (sizes.get(parsed.module) ?? 0) + 1);
  }
  for (const module of alphas) {
    const size = sizes.get(module);
    if (size !== undefined) sizes.set(module, size + 1);
  }
  let claimed = 0;
  for (const size of sizes.values()) claimed += size;
  return { share: names.length === 0 ? 0 : claimed / names.length, claimed, modules: [...sizes.keys()] };
}

/** A detection from a census: its share, weighted with how telling the dialect's names are. */
export function detection(
  dialect: string,
  names: readonly string[],
  evidence: { readonly census: NameCensus; readonly weight: number; readonly reasons: readonly string[] },
): Detection {
  const { share, claimed } = evidence.census;
  if (claimed === 0) return { dialect, confidence: 0, reasons: [] };
  const counted = `${claimed} of ${names.length} names`;
  return { dialect, confidence: share * evidence.weight, reasons: [counted, ...evidence.reasons] };
}

import type { AdapterModule } from "@lora/peft";
import { moduleBytes } from "../posted.ts";
import { ownedUnits, type Share } from "../shard/share.ts";
import type { ModulePair } from "./match-modules.ts";

/** The pairs of modules that belong to a share; all where there is none. */
export function shareOfPairs(pairs: readonly ModulePair[], share: Share | undefined): readonly ModulePair[] {
  if (share === undefined) return pairs;
  const owned = ownedUnits(
    pairs.map((pair) => ({ name: pairKey(pair), bytes: pairBytes(pair) })),
    share,
  );
  return pairs.filter((pair) => owned.has(pairKey(pair)));
}

/** What a pair is known by: a module may be in one file only, and the files may spell it differently. */
export function pairKey({ a, b }: ModulePair): string {
  return JSON.stringify([a?.name ?? null, b?.name ?? null]);
}

/** Stored bytes of both updates. */
export function pairBytes({ a, b }: ModulePair): number {
  const bytes = (module: AdapterModule | undefined): number =>
    module === undefined ? 0 : moduleBytes(module);
  return bytes(a) + bytes(b);
}

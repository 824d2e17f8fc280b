import { moduleBytes } from "../posted.ts";
import { ownedUnits, type Share } from "../shard/share.ts";
import { partOfAdapter } from "../shard/share-of-adapter.ts";
import type { Target } from "./match-targets.ts";
import type { OutputModules } from "./output-modules.ts";

/** The modules of the output that belong to a share, and its share of what is carried over; all where there is none. */
export function shareOfModules(output: OutputModules, share: Share | undefined): OutputModules {
  if (share === undefined) return output;
  const { adapter, targets } = output;
  const modules = ownedUnits(
    Array.from(targets, ([name, target]) => ({ name, bytes: targetBytes(target) })),
    share,
  );
  const extras = ownedUnits(
    adapter.extras.map(({ name, tensor }) => ({ name, bytes: tensor.byteLength })),
    share,
  );
  return {
    adapter: partOfAdapter(adapter, { modules, extras }),
    targets: new Map([...targets].filter(([name]) => modules.has(name))),
  };
}

/** Stored bytes of all updates of a weight. */
export function targetBytes({ members }: Target): number {
  return members.reduce((sum, member) => sum + (member === undefined ? 0 : moduleBytes(member)), 0);
}

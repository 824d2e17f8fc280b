import { type Adapter, type AdapterModule, adoptModules, type ForeignModule } from "@lora/peft";
import type { DType } from "@lora/tensor";
import type { FactorDType } from "../resize/stored-dtype.ts";
import { storedDType } from "../resize/stored-dtype.ts";
import type { Target } from "./match-targets.ts";

/** The first adapter with places for the modules of all, and what each of its modules is made of. */
export interface OutputModules {
  readonly adapter: Adapter;
  readonly targets: ReadonlyMap<string, Target>;
}

/**
 * Lays out the combined adapter: the modules of the first in their order, then those that only others have, in the
 * dialect of the first. Scales are 1, that is alpha = rank: weights and scales go into the factors.
 */
export function outputModules(adapters: readonly Adapter[], targets: readonly Target[]): OutputModules {
  const [first] = adapters as [Adapter];
  const own = targets.filter(({ members }) => members[0] !== undefined);
  const foreign = targets.filter(({ members }) => members[0] === undefined);
  const { adapter, adopted } = adoptModules(
    first,
    foreign.map(({ members }): ForeignModule => {
      const at = members.findIndex((member) => member !== undefined);
      return { module: members[at]!, from: adapters[at]! };
    }),
  );
  const byName = new Map(own.map((target) => [target.members[0]!.name, target]));
  foreign.forEach((target, index) => byName.set(adopted[index]!.name, target));
  const modules = adapter.modules.map((module): AdapterModule => ({ ...module, scale: 1 }));
  return { adapter: { ...adapter, modules }, targets: byName };
}

/** The type that factors are stored in: as asked; else as the updates are, f32 where they differ. */
export function outputDType({ members }: Target, asked: FactorDType | undefined): DType {
  const [first, ...others] = [
    ...new Set(members.flatMap((member) => (member ? storedDType(member, asked) : []))),
  ];
  return others.length === 0 ? first! : "f32";
}

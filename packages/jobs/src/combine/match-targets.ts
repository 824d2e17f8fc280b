import { type Adapter, type AdapterModule, canonicalTarget } from "@lora/peft";
import { elementCount, LoraError, sameShape, shapeText } from "@lora/tensor";

/** A weight that some of the adapters change. */
export interface Target<M extends AdapterModule = AdapterModule> {
  readonly key: string;
  /** One for each adapter; undefined where it does not change the weight. */
  readonly members: readonly (M | undefined)[];
}

/** An adapter, or one whose modules were taken apart. */
interface Modules<M extends AdapterModule> extends Pick<Adapter, "file"> {
  readonly modules: readonly M[];
}

/**
 * The weights that adapters change, in the order in which they first appear. Files of one part each may name it
 * differently (kohya's tools write `lora_unet_` before any model): where an adapter has no target in common with the first
 * otherwise, the part is not looked at.
 *
 * @throws LoraError SHAPE when two change weights of different shape under one name
 */
export function matchTargets<M extends AdapterModule>(adapters: readonly Modules<M>[]): Target<M>[] {
  const keyOf = shared(adapters, canonicalTarget) || !adapters.every(hasOnePart) ? canonicalTarget : pathOnly;
  const targets = new Map<string, (M | undefined)[]>();
  adapters.forEach(({ modules }, index) => {
    for (const module of modules) {
      const key = keyOf(module);
      const members = targets.get(key) ?? adapters.map((): M | undefined => undefined);
      members[index] = module;
      targets.set(key, members);
    }
  });
  const list = [...targets].map(([key, members]) => ({ key, members }));
  list.forEach((target) => refuseOtherShapes(target, adapters));
  return list;
}

function shared(
  [first, ...others]: readonly Modules<AdapterModule>[],
  key: (module: AdapterModule) => string,
): boolean {
  const keys = new Set(first!.modules.map((module) => key(module)));
  return others.every(({ modules }) => modules.some((module) => keys.has(key(module))));
}

function hasOnePart({ modules }: Modules<AdapterModule>): boolean {
  return new Set(modules.map(({ component }) => component)).size === 1;
}

function pathOnly(module: AdapterModule): string {
  const target = canonicalTarget(module);
  return target.slice(target.indexOf("/") + 1);
}

function refuseOtherShapes({ members }: Target, adapters: readonly Modules<AdapterModule>[]): void {
  const first = members.findIndex((member) => member !== undefined);
  members.forEach((member, index) => {
    if (member === undefined || sameShape(flat(member), flat(members[first]!))) return;
    throw new LoraError(
      "SHAPE",
      `updates of one weight differ in shape: ${shapeText(members[first]!.shape)} and ${shapeText(member.shape)}`,
      {
        file: adapters[index]!.file.name,
        module: member.name,
        other: adapters[first]!.file.name,
        advice: "give adapters of the same base model",
      },
    );
  });
}

/** A 1 × 1 convolution may be stored as a linear layer. */
function flat({ shape: [out = 0, ...rest] }: AdapterModule): number[] {
  return [out, elementCount(rest)];
}

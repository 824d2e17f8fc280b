import { type Adapter, type AdapterModule, canonicalTarget } from "@lora/peft";
import { LoraError } from "@lora/tensor";

/** One target of either file or of both. */
export interface ModulePair {
  readonly a: AdapterModule | undefined;
  readonly b: AdapterModule | undefined;
}

/**
 * The modules of two adapters that change the same weights, then those that only one of them has. Files of one
 * part each may name it differently (kohya's tools write `lora_unet_` before any model): where nothing matches
 * otherwise, the part is not looked at.
 *
 * @throws LoraError MISSING when the two have no module in common
 */
export function matchModules(a: Adapter, b: Adapter): ModulePair[] {
  const pairs =
    matchBy(canonicalTarget, a, b) ?? (hasOnePart(a) && hasOnePart(b) ? matchBy(pathOnly, a, b) : undefined);
  if (pairs !== undefined) return pairs;
  throw new LoraError("MISSING", "the two adapters have no module in common", {
    file: a.file.name,
    other: b.file.name,
    firstOfA: a.modules[0]?.name,
    firstOfB: b.modules[0]?.name,
    advice: "compare adapters of the same base model",
  });
}

/** Undefined when no key of one is in the other. */
function matchBy(key: (module: AdapterModule) => string, a: Adapter, b: Adapter): ModulePair[] | undefined {
  const [inA, inB] = [a, b].map(({ modules }) => new Map(modules.map((module) => [key(module), module])));
  const pairs: ModulePair[] = [...inA!].map(([target, module]) => ({ a: module, b: inB!.get(target) }));
  if (!pairs.some((pair) => pair.b !== undefined)) return undefined;
  for (const [target, module] of inB!) {
    if (!inA!.has(target)) pairs.push({ a: undefined, b: module });
  }
  return pairs;
}

function hasOnePart({ modules }: Adapter): boolean {
  return new Set(modules.map(({ component }) => component)).size === 1;
}

function pathOnly(module: AdapterModule): string {
  const target = canonicalTarget(module);
  return target.slice(target.indexOf("/") + 1);
}

import { LoraError } from "@lora/tensor";
import type { ModelDescription, ModuleDescription } from "./model-description.ts";

/** A model whose layers were stacked anew. */
export interface ReplicatedModel {
  readonly model: ModelDescription;
  /** Module of the new stack → the module of the model whose weights it shares. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Where models keep the list of their layers, and how the kind of model is recognised: in this order. */
const LAYER_LISTS = ["layers", "encoder.layer", "h"];

/**
 * The model with a new stack of layers: `[[0, 4], [2, 5]]` is layers 0, 1, 2, 3, 2, 3, 4, with shared weights and
 * adapters of their own.
 *
 * @param ranges `[start, end)` into the layers of the model; numbers below 0 count from the end, as in Python
 * @throws LoraError UNSUPPORTED when the model has no list of layers where Llama, Bert or Falcon have theirs; USAGE
 *   when a range goes beyond it
 * @see peft/tuners/tuners_utils.py replicate_layers
 */
export function replicateLayers(
  model: ModelDescription,
  ranges: readonly (readonly [start: number, end: number])[],
): ReplicatedModel {
  const list = layerList(model);
  const count = layerCount(model, list);
  const stack = ranges.flatMap(([start, end]) =>
    Array.from({ length: Math.max(0, end - start) }, (_, step) => indexIn(count, start + step)),
  );
  const sources = new Map<string, string>();
  const copies = stack.flatMap((source, index) => {
    const own = model.modules.filter(({ name }) => isWithin(name, `${list}.${source}`));
    return own.map((module) => copyOf(module, { list, source, index, sources }));
  });
  const modules = model.modules.flatMap((module) => {
    if (module.name === list) return [module, ...copies];
    return isWithin(module.name, list) ? [] : [module];
  });
  return { model: { ...model, modules }, sources };
}

interface Copy {
  readonly list: string;
  readonly source: number;
  readonly index: number;
  readonly sources: Map<string, string>;
}

function copyOf(module: ModuleDescription, { list, source, index, sources }: Copy): ModuleDescription {
  const name = `${list}.${index}${module.name.slice(`${list}.${source}`.length)}`;
  sources.set(name, module.name);
  return { ...module, name };
}

function layerList(model: ModelDescription): string {
  const names = new Set(model.modules.map(({ name }) => name));
  const child = (parent: string, name: string): string => (parent === "" ? name : `${parent}.${name}`);
  let root = "";
  while (names.has(child(root, "model"))) root = child(root, "model");
  if (names.has(child(root, "bert"))) root = child(root, "bert");
  const found = LAYER_LISTS.map((list) => child(root, list)).find((list) => names.has(list));
  if (found !== undefined && names.has(`${found}.0`)) return found;
  throw new LoraError("UNSUPPORTED", "the model has no list of layers at layers, encoder.layer or h", {
    root,
    advice: "layer_replication works for models built as Llama, Bert or Falcon are",
  });
}

function layerCount(model: ModelDescription, list: string): number {
  return model.modules.filter(({ name }) => isWithin(name, list) && /^\.\d+$/.test(name.slice(list.length)))
    .length;
}

function indexIn(count: number, index: number): number {
  if (index >= -count && index < count) return index < 0 ? index + count : index;
  throw new LoraError("USAGE", `layer_replication names layer ${index}, and the model has ${count}`, {
    index,
    count,
    advice: "ranges are [start, end), from 0",
  });
}

function isWithin(name: string, parent: string): boolean {
  return name === parent || name.startsWith(`${parent}.`);
}

import type { LazyTensor } from "@lora/tensor";
import { LoraError, sameShape, shapeText } from "@lora/tensor";
import { loadTensor } from "../layers/dense-tensor.ts";
import type { TypedTensor } from "../layers/dense-tensor.ts";
import type { AdapterTensors } from "../layers/layer-adapter.ts";
import { adapterKey, PARTS, PREFIX } from "./adapter-keys.ts";
import type { AdapterPart } from "./adapter-keys.ts";
import type { AdapterPlace } from "./adapter-place.ts";

/** What was found in a file for the places of an adapter. */
export interface ReadAdapterTensors {
  readonly found: ReadonlyMap<AdapterPlace, AdapterTensors>;
  /** Names that the configuration asks for and the file lacks; the layer goes without the adapter. */
  readonly missing: readonly string[];
  /** Names in the file that no place takes. */
  readonly unexpected: readonly string[];
  /** Names of tensors of another shape, where they may be passed over. */
  readonly mismatched: readonly string[];
}

/**
 * Finds an adapter's tensors by PEFT's names, with or without its prefix, and reads them.
 *
 * @param ignoreMismatched pass over factors of another shape
 * @throws LoraError SHAPE when a factor has another shape than the configuration says, unless they are passed over
 */
export async function readAdapterTensors(
  places: readonly AdapterPlace[],
  tensors: ReadonlyMap<string, LazyTensor>,
  ignoreMismatched = false,
): Promise<ReadAdapterTensors> {
  const left = new Set(tensors.keys());
  const found = new Map<AdapterPlace, AdapterTensors>();
  const [missing, mismatched]: [string[], string[]] = [[], []];
  for (const place of places) {
    const named = namesOf(place, tensors);
    for (const { name } of named.present) left.delete(name);
    missing.push(...named.missing);
    const wrong = named.present
      .filter((each) => !fits(place, each, ignoreMismatched))
      .map(({ name }) => name);
    mismatched.push(...wrong);
    if (named.missing.length > 0 || wrong.length > 0) continue;
    const read = named.present.map(async ({ part, tensor }) => [part, await loadTensor(tensor)] as const);
    const parts = Object.fromEntries(await Promise.all(read)) as Partial<Record<AdapterPart, TypedTensor>>;
    found.set(place, { ...parts, down: parts.down!, up: parts.up! });
  }
  return { found, missing, unexpected: [...left], mismatched };
}

interface PresentTensor {
  readonly part: AdapterPart;
  readonly name: string;
  readonly tensor: LazyTensor;
}

function namesOf(
  place: AdapterPlace,
  tensors: ReadonlyMap<string, LazyTensor>,
): { present: PresentTensor[]; missing: string[] } {
  const needed = new Set<AdapterPart>(["down", "up", ...(place.variant.needs ?? [])]);
  if (place.config.lora_bias) needed.add("bias");
  const [present, missing]: [PresentTensor[], string[]] = [[], []];
  for (const part of PARTS) {
    const name = adapterKey(place.path, place.layer.kind, part);
    const short = name.slice(PREFIX.length);
    const known = tensors.has(name) ? name : short;
    const tensor = tensors.get(known);
    if (tensor !== undefined) present.push({ part, name: known, tensor });
    else if (needed.has(part)) missing.push(name);
  }
  return { present, missing };
}

function fits(
  place: AdapterPlace,
  { part, name, tensor }: PresentTensor,
  ignoreMismatched: boolean,
): boolean {
  if (part !== "down" && part !== "up") return true;
  const wanted = place.shapes[part];
  if (sameShape(tensor.shape, wanted)) return true;
  if (ignoreMismatched) return false;
  throw new LoraError(
    "SHAPE",
    `${name} is ${shapeText(tensor.shape)}; a rank of ${place.rank} in this layer takes ${shapeText(wanted)}`,
    {
      tensor: name,
      rank: place.rank,
      advice: "check `r` and `rank_pattern`, and that this is the adapter's base model",
    },
  );
}

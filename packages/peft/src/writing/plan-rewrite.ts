import type { DType } from "@lora/tensor";
import { decode, encode, LoraError } from "@lora/tensor";
import type { Adapter, AdapterModule } from "../adapter.ts";
import type { ModuleScale, Scaling, Texts, WrittenModule } from "../dialects/_dialect.ts";
import { dialectOf } from "../dialect-of.ts";
import type { PlannedTensor, Replacement } from "./planned-parts.ts";
import { isPair, plannedParts } from "./planned-parts.ts";

/** What becomes of a module's size: its new rank, 0 to leave it out, and the type of its factors. */
export interface PlannedSize {
  readonly rank: number;
  readonly dtype: DType;
}

/** A rewritten file before any value is known. */
export interface RewritePlan {
  readonly tensors: ReadonlyMap<string, PlannedTensor>;
  readonly texts: Texts;
}

/**
 * Lays out an adapter with some modules at other ranks: the same names in the same order, new shapes in the style
 * of the old ones (modules that are no plain pair become one), alphas that keep each scale, and texts that say so.
 *
 * @param sizes by module name; modules that are not named stay as they are
 * @throws LoraError USAGE when a name is no module, or a rank is not a whole number ≥ 0
 */
export function planRewrite(adapter: Adapter, sizes: ReadonlyMap<string, PlannedSize>): RewritePlan {
  demandModules(adapter, sizes);
  const dialect = dialectOf(adapter);
  const scaling = sizes.size === 0 ? undefined : dialect.scaling(adapter.file);
  const planned = new Map<string, Replacement>();
  const written: WrittenModule[] = [];
  for (const module of adapter.modules) {
    const size = sizes.get(module.name);
    if (size === undefined) {
      written.push({
        module,
        asPair: isPair(module),
        rank: module.rank,
        scale: module.scale,
        alpha: module.alpha,
      });
    } else if (size.rank === 0) {
      for (const { name } of module.parts.values()) planned.set(name, []);
    } else {
      const one = { module, asPair: true, rank: size.rank, ...newScale(scaling!, module, size.rank) };
      written.push(one);
      for (const [name, tensors] of plannedParts(one, size.dtype, dialect)) planned.set(name, tensors);
    }
  }
  return { tensors: inFileOrder(adapter, planned), texts: newTexts(adapter, sizes, written) };
}

function inFileOrder(
  { file }: Adapter,
  planned: ReadonlyMap<string, Replacement>,
): ReadonlyMap<string, PlannedTensor> {
  const tensors = new Map<string, PlannedTensor>();
  for (const [name, tensor] of file.tensors) {
    for (const [newName, one] of planned.get(name) ?? [[name, { from: "file", tensor }] as const]) {
      tensors.set(newName, one);
    }
  }
  return tensors;
}

function newTexts(
  adapter: Adapter,
  sizes: ReadonlyMap<string, PlannedSize>,
  written: readonly WrittenModule[],
): Texts {
  const { file } = adapter;
  if (sizes.size === 0) return { metadata: file.metadata, sidecars: file.sidecars };
  return dialectOf(adapter).texts(file, written);
}

/** The alpha as it will be stored, and the scale that a reader will make of it. */
function newScale(
  scaling: Scaling,
  module: AdapterModule,
  rank: number,
): Pick<ModuleScale, "alpha" | "scale"> {
  const alphaTensor = module.parts.get("alpha")?.tensor;
  if (module.scaleSource !== "tensor" || alphaTensor === undefined) return scaling.at(module, rank);
  const alpha = storable(module.scale * rank, alphaTensor.dtype) ?? storable(rank, alphaTensor.dtype) ?? 1;
  return { alpha, scale: alpha / rank };
}

/** The value as `dtype` rounds it; undefined where nothing above 0 is left of it. */
function storable(value: number, dtype: DType): number | undefined {
  const rounded = new Float64Array(1);
  const integer = !dtype.includes("f");
  decode(encode([integer ? Math.round(value) : value], dtype), dtype, rounded);
  const [stored] = rounded;
  return stored !== undefined && stored > 0 && Number.isFinite(stored) ? stored : undefined;
}

function demandModules(adapter: Adapter, sizes: ReadonlyMap<string, PlannedSize>): void {
  const known = new Set(adapter.modules.map(({ name }) => name));
  for (const [module, { rank }] of sizes) {
    if (!known.has(module)) {
      throw new LoraError("USAGE", `${module} is no module of this adapter`, {
        file: adapter.file.name,
        module,
      });
    }
    if (!Number.isInteger(rank) || rank < 0) {
      throw new LoraError("USAGE", `a rank must be a whole number of at least 0, and is ${rank}`, {
        module,
        rank,
      });
    }
  }
}

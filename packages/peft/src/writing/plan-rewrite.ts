import type { DType } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { Adapter } from "../adapter.ts";
import type { Texts, WrittenModule } from "../dialects/_dialect.ts";
import { dialectOf } from "../dialect-of.ts";
import type { PlannedTensor, Replacement } from "./planned-parts.ts";
import { plannedParts } from "./planned-parts.ts";
import { writtenAsIs, writtenPair } from "./written-module.ts";

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
      written.push(writtenAsIs(module));
    } else if (size.rank === 0) {
      for (const { name } of module.parts.values()) planned.set(name, []);
    } else {
      const one = writtenPair(module, size.rank, scaling!);
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

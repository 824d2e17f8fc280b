import type { LazyTensor, RowRange, TensorFile } from "@lora/tensor";
import { LoraError, shapeText } from "@lora/tensor";
import type { Adapter, AdapterModule, Component } from "../adapter.ts";
import { finestPieces, type ModulePiece } from "../conversion/finest-pieces.ts";
import type { BaseIndex, BaseTarget } from "./base-index.ts";
import { indexBase } from "./base-index.ts";
import { canonicalPath } from "./canonical-target.ts";
import { fitOf, targetShape } from "./fit.ts";
import { nearestName } from "./nearest-name.ts";

/** Where the weight is that a module changes. */
export interface PairedWeight {
  /** Of the tensor in the base. */
  readonly name: string;
  readonly tensor: LazyTensor;
  /** The module's part of a fused tensor. */
  readonly rows?: RowRange;
  /** Stored as in × out. */
  readonly transposed: boolean;
}

/** A module for which the base has no weight. */
export interface UnpairedModule {
  /** Its name. */
  readonly module: string;
  readonly reason: string;
  /** The name of the base that looks most like it. */
  readonly nearest?: string;
}

export interface BasePairing {
  /** By module name, in the order of the adapter. */
  readonly pairs: ReadonlyMap<string, PairedWeight>;
  readonly unpaired: readonly UnpairedModule[];
}

/** Components that a generic name may stand for. */
const COMPONENTS: readonly Component[] = ["unet", "te1", "te2", "te3"];

/**
 * Finds the base weight of every module by writing the base's names as adapters write them. Knows the original and
 * the diffusers layout of Stable Diffusion 1, 2 and XL and of the transformers that have a table in `layouts`, and any model
 * whose names the adapter repeats; a file of one component will do for the modules of that component. Headers only.
 *
 * @throws LoraError SHAPE when the weight of a module's name has another shape
 */
export function pairWithBase(adapter: Adapter, base: TensorFile): BasePairing {
  const index = indexBase(base, adapter.baseArchitecture);
  const pairs = new Map<string, PairedWeight>();
  const unpaired: UnpairedModule[] = [];
  for (const module of adapter.modules) {
    const found = pairModule(module, index, base.name);
    if (typeof found === "string") unpaired.push(unpairedModule(module, found, index));
    else pairs.set(module.name, found);
  }
  return { pairs, unpaired: unpaired.length === 0 ? unpaired : withSplitLayers(unpaired, adapter, index) };
}

const NO_WEIGHT = "the base has no weight of this name";

/** The same, where the base has apart what a module fuses, with what to do about it. */
function withSplitLayers(
  unpaired: readonly UnpairedModule[],
  adapter: Adapter,
  index: BaseIndex,
): readonly UnpairedModule[] {
  const parts = new Map<string, ModulePiece[]>();
  for (const piece of finestPieces(adapter))
    parts.set(piece.whole.name, [...(parts.get(piece.whole.name) ?? []), piece]);
  return unpaired.map((one) => {
    const pieces = parts.get(one.module) ?? [];
    const isThere = ({ component, path }: ModulePiece): boolean =>
      [...index.find(component, path), ...index.findAnywhere(path)].length > 0;
    if (one.reason !== NO_WEIGHT || pieces.length < 2 || !pieces.every(isThere)) return one;
    const names = pieces.map(({ path }) => path.slice(path.lastIndexOf(".") + 1)).join(", ");
    const reason = `the base has the layers apart that it fuses (${names}): convert the adapter to diffusers first`;
    return { module: one.module, reason };
  });
}

/** The weight, or why there is none. */
function pairModule(module: AdapterModule, index: BaseIndex, file: string): PairedWeight | string {
  const { sure, likely } = candidates(module, index);
  const fitting = fits(module, sure);
  const [first] = sure;
  if (fitting.length === 0 && first !== undefined) throw misfit(module, first, file);
  const all = fitting.length > 0 ? fitting : fits(module, likely);
  const names = new Set(all.map(({ name }) => name));
  if (names.size > 1) return `${[...names].join(" and ")} both fit its name`;
  const [only] = all;
  if (only !== undefined) return only;
  const [other] = likely;
  if (other === undefined) return NO_WEIGHT;
  return `the weight of this name is ${shapeText(targetShape(other))}, the module is for ${moduleText(module)}`;
}

interface Candidates {
  /** The name says this is the one: another shape is an error. */
  readonly sure: readonly BaseTarget[];
  /** The name could also mean another component: another shape says that it does. */
  readonly likely: readonly BaseTarget[];
}

function candidates({ component, path }: AdapterModule, index: BaseIndex): Candidates {
  const exact = exactFirst(index.find(component, path), path);
  if (exact.length > 0) return { sure: exact, likely: [] };
  const anywhere = exactFirst(index.findAnywhere(path), path);
  if (component.startsWith("te")) return { sure: [], likely: anywhere };
  if (anywhere.length > 0) return { sure: anywhere, likely: [] };
  if (component !== "model") return { sure: [], likely: [] };
  const elsewhere = COMPONENTS.flatMap((other) => index.find(other, path));
  return { sure: [], likely: elsewhere.length > 0 ? elsewhere : looselyNamed(path, index) };
}

/** The same path under other leading segments: a model saved from inside a larger one, or the other way round. */
function looselyNamed(path: string, index: BaseIndex): readonly BaseTarget[] {
  const tail = index.findTail(path);
  if (tail.length > 0) return tail;
  const segments = path.split(".");
  for (const start of [1, 2]) {
    const rest = segments.slice(start).join(".");
    const found = segments.length - start < 2 ? [] : index.findAnywhere(rest);
    if (found.length > 0) return found;
  }
  return [];
}

/** Where underscores make two names one, the dotted path decides if the module has it. */
function exactFirst(targets: readonly BaseTarget[], path: string): readonly BaseTarget[] {
  const exact = targets.filter(
    ({ name }) => path.includes(".") && (name === path || name.includes(`${path}.`)),
  );
  return exact.length > 0 ? exact : targets;
}

function fits(module: AdapterModule, targets: readonly BaseTarget[]): PairedWeight[] {
  return targets.flatMap((target) => {
    const transposed = fitOf(module, target);
    return transposed === undefined ? [] : [{ ...target, transposed }];
  });
}

function misfit(module: AdapterModule, target: BaseTarget, file: string): LoraError {
  const shape = targetShape(target);
  return new LoraError(
    "SHAPE",
    `the module is for a weight of ${moduleText(module)}, the base has ${shapeText(shape)}`,
    {
      file,
      tensor: target.name,
      module: module.name,
      moduleShape: module.shape,
      shape,
      advice: "give the base model this adapter was trained on",
    },
  );
}

/** Sizes that only the base weight has are not known. */
function moduleText({ shape }: Pick<AdapterModule, "shape">): string {
  return shape.includes(0) ? shape.map((size) => size || "?").join(" × ") : shapeText(shape);
}

function unpairedModule(module: AdapterModule, reason: string, index: BaseIndex): UnpairedModule {
  const nearest = nearestName(canonicalPath(module.component, module.path), index.paths);
  return { module: module.name, reason, ...(nearest === undefined ? {} : { nearest }) };
}

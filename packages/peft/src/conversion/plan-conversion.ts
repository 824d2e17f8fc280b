import { LoraError, type TensorFile } from "@lora/tensor";
import type { Adapter, AdapterModule, Component, LayerKind } from "../adapter.ts";
import { PIPELINE_PREFIXES, CHECKPOINT_PREFIXES, stripPrefix } from "../dialects/_places.ts";
import type { PairedWeight } from "../pairing/pair-with-base.ts";
import { withoutWeight } from "../pairing/weight-name.ts";
import type { WrittenFile, WrittenName, Writer } from "../writers/_writer.ts";
import { needsBase } from "../plain-delta.ts";
import { demandWeight, type PairedBase, pairedBase, sizedAdapter } from "./base-weights.ts";
import { type CarriedMagnitudes, withCarriedMagnitudes } from "./carried-magnitudes.ts";
import type { GgufModel } from "./gguf-model.ts";
import { ggufModel, ggufRows, libraryRows } from "./gguf-model.ts";
import { layerIndex, type LayerIndex } from "./layer-index.ts";
import { type Piece, piecesOf, type PlacedModule, placeOf, rowRange, swappedHalves } from "./pieces.ts";
import { placedModules } from "./placed-modules.ts";
import { refuseUnwritable } from "./refuse-unwritable.ts";
import { writerOf } from "./writer-of.ts";

/** Rows of a module of the old file that become rows of a new one. */
export interface Slot {
  readonly module: AdapterModule;
  /** Of the old update, in the order in which they are written. */
  readonly rows: Int32Array;
  /** First row in the new update. */
  readonly at: number;
}

/** A module of the new file. */
export interface PlannedModule extends WrittenName {
  readonly component: Component;
  /** As the new dialect has it. */
  readonly path: string;
  readonly layer: LayerKind;
  /** Of ΔW. */
  readonly shape: readonly number[];
  readonly transposed: boolean;
  readonly slots: readonly Slot[];
  /** Of DoRA, as they are; left out where there are none, or the update has them in it. */
  readonly magnitudes?: CarriedMagnitudes;
}

/** What a file becomes in another dialect, as far as headers tell. */
export interface ConversionPlan {
  readonly writer: Writer;
  readonly architecture: string;
  readonly ggufArchitecture: string | undefined;
  readonly modules: readonly PlannedModule[];
  /** Base weights of the modules that are no plain LoRA without, by module name. */
  readonly weights: ReadonlyMap<string, PairedWeight>;
}

/** What `planConversion` may be told. */
export interface ConversionOptions {
  /** Id of the dialect to write. */
  readonly to: string;
  /** The base model: its names where those of the adapter do not tell, its configuration for GGUF, the weights that updates are made of. */
  readonly base?: TensorFile | undefined;
  /** Only modules of these components. */
  readonly components?: readonly Component[] | undefined;
}

/**
 * Gives every module its name in another dialect, splits layers that the other names fuse and fuses those that it splits.
 * Updates that are a function of their weight get it from the base; DoRA's magnitudes stay as they are where they have a place.
 * Reads headers only.
 *
 * @throws LoraError USAGE for an unknown dialect; UNSUPPORTED for a dialect that is not written, a module that it has no name
 *   for, and what is no product of two matrices without a base; MISSING where the base lacks a weight, or nothing is left;
 *   SHAPE when a fused layer has not the rows of its parts
 */
export function planConversion(given: Adapter, options: ConversionOptions): ConversionPlan {
  const writer = writerOf(options.to);
  refuseUnwritable(given);
  const base = pairedBase(given, options.base);
  const adapter = sizedAdapter(given, base);
  const placed = placedModules(adapter);
  const modules = chosen(placed.modules, options.components, adapter);
  for (const { module } of modules) if (module.shape.includes(0)) demandWeight(module, base, adapter);
  const { architecture } = placed;
  const index = layerIndex(architecture);
  const isGguf = (id: string): boolean => id === "gguf";
  const model = isGguf(writer.id) || isGguf(adapter.detection.dialect) ? ggufModel(options.base) : undefined;
  const names = baseNames(base);
  const wasGguf = isGguf(adapter.detection.dialect);
  const pieces = modules.flatMap((one) => {
    const { module, path } = one;
    const rotated = wasGguf ? rotation(path, module.shape[0]!, model) : undefined;
    return libraryPieces(one, index, names).map(({ rows, ...piece }) => ({
      ...piece,
      rows: rotated === undefined ? rows : composed(rows, libraryRows(rows.length, rotated)),
      module,
    }));
  });
  const file: WrittenFile = {
    architecture,
    components: [...new Set(pieces.map(({ component }) => component))],
  };
  const planned = new Map<string, PlannedModule>();
  const nameless: string[] = [];
  for (const piece of pieces) {
    const target = targetOf(piece, { writer, index, file, model });
    if (target === undefined) nameless.push(piece.module.name);
    else addTo(planned, target, piece.module);
  }
  refuseNameless(nameless, writer, adapter);
  const made = withCarriedMagnitudes([...planned.values()], writer.magnitudes);
  const weights = weightsOf(made, base, adapter);
  return { writer, architecture, ggufArchitecture: model?.architecture, modules: made, weights };
}

/** Of the modules whose updates are a function of them. */
function weightsOf(
  planned: readonly PlannedModule[],
  base: PairedBase | undefined,
  adapter: Adapter,
): ConversionPlan["weights"] {
  const bound = planned.flatMap(({ slots }) => slots.map(({ module }) => module)).filter(needsBase);
  return new Map(bound.map((module) => [module.name, demandWeight(module, base, adapter)]));
}

type OwnedPiece = Piece & { readonly module: AdapterModule };

function chosen(
  modules: readonly PlacedModule[],
  components: readonly Component[] | undefined,
  adapter: Adapter,
): readonly PlacedModule[] {
  if (components === undefined) return modules;
  const kept = modules.filter(({ component }) => components.includes(component));
  if (kept.length > 0) return kept;
  throw new LoraError("MISSING", `the adapter has no module of ${components.join(" or ")}`, {
    file: adapter.file.name,
    components: [...new Set(modules.map(({ component }) => component))],
  });
}

/** Dotted paths of a base's weights, by name of the module that changes them; empty without a base. */
function baseNames(base: PairedBase | undefined): ReadonlyMap<string, string> {
  return new Map(
    [...(base?.pairs ?? [])]
      .filter(([, { rows }]) => rows === undefined)
      .map(([module, { name }]) => {
        const path = withoutWeight(name);
        return [module, stripPrefix([...CHECKPOINT_PREFIXES, ...PIPELINE_PREFIXES], path)?.path ?? path];
      }),
  );
}

/** The layers of the library that a module is; one of no table stays what it is, under the name that the base gives it. */
function libraryPieces(
  placed: PlacedModule,
  index: LayerIndex,
  names: ReadonlyMap<string, string>,
): readonly Piece[] {
  const known = piecesOf(placed, index);
  if (known !== undefined) return known;
  const { component, module, path } = placed;
  const rows = rowRange(0, module.shape[0]!);
  return [{ component, path: names.get(module.name) ?? path, found: undefined, rows }];
}

interface Target {
  readonly name: WrittenName;
  readonly component: Component;
  readonly path: string;
  readonly rows: Int32Array;
  readonly at: number;
  readonly total: number;
}

interface TargetContext {
  readonly writer: Writer;
  readonly index: LayerIndex;
  readonly file: WrittenFile;
  readonly model: GgufModel | undefined;
}

/** Where a piece goes; undefined where the dialect has no name for it. */
function targetOf(piece: OwnedPiece, context: TargetContext): Target | undefined {
  const { writer, index, file, model } = context;
  const { component, module } = piece;
  const naming = writer.naming(file.architecture);
  const own = { path: piece.path, total: piece.rows.length, at: 0, halvesSwapped: false };
  const asItIs = naming === "library" || (naming === "original" && !index.knowsModel);
  const place = asItIs ? own : placeOf(piece, module.shape[1] ?? 0, { naming, index });
  if (place === undefined || (!writer.underscored && hasLostDots(place.path))) return undefined;
  const name = writer.name({ component, path: place.path, layer: module.layer }, file);
  if (name === undefined) return undefined;
  const halves = place.halvesSwapped ? swappedHalves(piece.rows) : piece.rows;
  const heads = naming === "gguf" ? rotation(place.path, halves.length, model) : undefined;
  const rows = heads === undefined ? halves : composed(halves, ggufRows(halves.length, heads));
  return { name, component, path: place.path, rows, at: place.at, total: place.total };
}

/** A path of several words, none of them set off by a dot. */
function hasLostDots(path: string): boolean {
  return !path.includes(".") && /_\d+_/.test(path);
}

/** How many heads the rows of a query or key are turned by; undefined for all other layers. */
function rotation(path: string, rows: number, model: GgufModel | undefined): number | undefined {
  const heads = path.endsWith(".attn_q")
    ? model?.rotated?.queries
    : path.endsWith(".attn_k")
      ? model?.rotated?.keys
      : undefined;
  if (heads === undefined || rows % (2 * heads) === 0) return heads;
  throw new LoraError("SHAPE", `${rows} rows of ${path} are not ${heads} heads of even size`, {
    advice: "give the base model that the adapter was trained on",
  });
}

function composed(rows: Int32Array, order: Int32Array): Int32Array {
  return order.map((index) => rows[index]!);
}

function addTo(planned: Map<string, PlannedModule>, target: Target, module: AdapterModule): void {
  const { name, component, path, rows, at, total } = target;
  const there = planned.get(name.module);
  const slots = [...(there?.slots ?? []), { module, rows, at }];
  const inner = module.shape.slice(1);
  if (there !== undefined) demandFree(slots, name.module);
  planned.set(name.module, {
    ...name,
    component,
    path,
    layer: module.layer,
    shape: [total, ...inner],
    transposed: module.transposed,
    slots: slots.toSorted((a, b) => a.at - b.at),
  });
}

/** Two modules may fill one only beside each other. */
function demandFree(slots: readonly Slot[], name: string): void {
  const sorted = slots.toSorted((a, b) => a.at - b.at);
  const clash = sorted.find((slot, index) => {
    const before = sorted[index - 1];
    return before !== undefined && before.at + before.rows.length > slot.at;
  });
  if (clash === undefined) return;
  throw new LoraError("FORMAT", `two modules change the same rows of ${name}`, {
    module: clash.module.name,
    advice: "combine them into one adapter first",
  });
}

function refuseNameless(names: readonly string[], { id, limits }: Writer, adapter: Adapter): void {
  const [first] = names;
  if (first === undefined) return;
  const others = names.length === 1 ? "" : ` and ${names.length - 1} more`;
  throw new LoraError("UNSUPPORTED", `${id} has no name for ${first}${others}`, {
    file: adapter.file.name,
    dialect: id,
    modules: names.length,
    architecture: adapter.baseArchitecture,
    advice: `${id}: ${limits}. Leave components out with --components, give the base model with --base where names lack their dots, or choose another dialect`,
  });
}

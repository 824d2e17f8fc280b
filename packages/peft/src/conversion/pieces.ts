import { LoraError } from "@lora/tensor";
import type { AdapterModule, Component } from "../adapter.ts";
import type { Naming } from "../layouts/_layout.ts";
import { filledTemplate } from "../layouts/_template.ts";
import type { FoundLayer, LayerIndex } from "./layer-index.ts";

/** Some rows of a module that are one layer of diffusers or transformers. */
export interface Piece {
  /** Of the library's layer. */
  readonly component: Component;
  readonly path: string;
  /** What it is known as; undefined for a layer of no table. */
  readonly found: FoundLayer | undefined;
  /** Row of the module for each row of the layer. */
  readonly rows: Int32Array;
}

/** A place for rows in a layer of another naming. */
export interface PiecePlace {
  readonly path: string;
  /** Rows of the whole layer. */
  readonly total: number;
  /** First of the rows. */
  readonly at: number;
  readonly halvesSwapped: boolean;
}

/** Where in its model a module is. */
export interface PlacedModule {
  readonly module: AdapterModule;
  readonly component: Component;
  readonly path: string;
}

/**
 * What a module is in the names of the library: one layer, or each layer that it fuses.
 *
 * @returns undefined where no table has its path
 * @throws LoraError SHAPE when it has not the rows of the layers it fuses
 */
export function piecesOf({ module, component, path }: PlacedModule, index: LayerIndex): Piece[] | undefined {
  const [found] = index.find(component, path);
  if (found === undefined) return undefined;
  const { layout, layer, part, numbers } = found;
  const [rows = 0, width = 0] = module.shape;
  const own = layout.components.includes(component) ? component : layout.components[0]!;
  const piece = (at: number, range: Int32Array): Piece => ({
    component: own,
    path: filledTemplate(layer.library[at]!, numbers),
    found: { ...found, part: at },
    rows: range,
  });
  if (part !== undefined) return [piece(part, rowRange(0, rows))];
  if (layer.shares === undefined) {
    const range = rowRange(0, rows);
    return [piece(0, layer.halvesSwapped === true ? swappedHalves(range) : range)];
  }
  const sizes = partSizes(layer.shares, width);
  demandRows(module, sizes);
  const starts = sizes.map((_, at) => sum(sizes.slice(0, at)));
  return sizes.map((size, at) => piece(at, rowRange(starts[at]!, size)));
}

/** Whether a module has as many rows as the layers that it fuses. */
export function hasRowsOfParts({ shape: [rows = 0, width = 0] }: AdapterModule, found: FoundLayer): boolean {
  const { layer, part } = found;
  return part !== undefined || layer.shares === undefined || sum(partSizes(layer.shares, width)) === rows;
}

/** Where a piece goes in another naming; undefined where that has no name for it. */
export function placeOf(
  { found, rows }: Pick<Piece, "found" | "rows">,
  width: number,
  { naming, index }: { readonly naming: Naming; readonly index: LayerIndex },
): PiecePlace | undefined {
  const other = found && index.inNaming(found, naming);
  if (other === undefined) return undefined;
  const { layer, part = 0, numbers } = other;
  const path = filledTemplate(layer.names[naming]!, numbers);
  const halvesSwapped = layer.halvesSwapped === true;
  if (layer.shares === undefined) return { path, total: rows.length, at: 0, halvesSwapped };
  const sizes = partSizes(layer.shares, width);
  if (sizes[part] !== rows.length) return undefined;
  return { path, total: sum(sizes), at: sum(sizes.slice(0, part)), halvesSwapped };
}

/** The same rows with the two halves in the other order. */
export function swappedHalves(rows: Int32Array): Int32Array {
  const half = rows.length / 2;
  return rows.map((_, index) => rows[(index + half) % rows.length]!);
}

export function rowRange(from: number, count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let index = 0; index < count; index++) rows[index] = from + index;
  return rows;
}

/** Rows of the parts of a fused layer. */
export function partSizes(shares: readonly number[], width: number): readonly number[] {
  return shares.map((share) => Math.round(share * width));
}

function demandRows(module: AdapterModule, sizes: readonly number[]): void {
  if (sum(sizes) === module.shape[0]) return;
  throw new LoraError(
    "SHAPE",
    `${module.path} fuses layers of ${sizes.join(" + ")} rows, and the module has ${module.shape[0]}`,
    { module: module.name, advice: "check that the adapter is for the model that its names say" },
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

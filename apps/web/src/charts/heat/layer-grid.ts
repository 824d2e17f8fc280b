import { blockOf } from "./block-of.ts";

/** What a grid is laid out by. */
export interface GridModule {
  readonly name: string;
  readonly component: string;
  readonly path: string;
}

/** One block of the model. */
export interface GridRow {
  readonly title: string;
  readonly label: string;
  /** Index of the module in each column; undefined where the block has none. */
  readonly cells: readonly (number | undefined)[];
}

/** One part of a model, such as its U-Net: modules by block and kind of layer, in the order in which the file names them. */
export interface LayerGrid {
  /** What part it is, in words; undefined where the file changes only one. */
  readonly part: string | undefined;
  readonly columns: readonly string[];
  readonly rows: readonly GridRow[];
}

interface OpenRow {
  readonly title: string;
  readonly label: string;
  readonly cells: Map<string, number>;
}

/** Parts that are known under a shorter name. */
const PARTS: Readonly<Record<string, string>> = {
  unet: "U-Net",
  transformer: "Transformer",
  te1: "Text encoder 1",
  te2: "Text encoder 2",
  te3: "Text encoder 3",
  model: "Model",
};

/** Lays modules out, a grid for each part of the model, text encoders last. */
export function layerGrids(modules: readonly GridModule[]): LayerGrid[] {
  const isEncoder = (name: string): number => Number(name.startsWith("te"));
  const components = [...new Set(modules.map(({ component }) => component))].sort(
    (a, b) => isEncoder(a) - isEncoder(b) || a.localeCompare(b, "en"),
  );
  return components.map((component) => {
    const part = components.length === 1 ? undefined : (PARTS[component] ?? component);
    return gridOf(modules, component, part);
  });
}

/** Blocks as rows and kinds as columns; numbers in block names are sorted as numbers. */
function gridOf(modules: readonly GridModule[], component: string, part: string | undefined): LayerGrid {
  const rows = new Map<string, OpenRow>();
  const columns = new Set<string>();
  modules.forEach((module, index) => {
    if (module.component !== component) return;
    const { block, kind, label } = blockOf(module.path);
    const title = block || "outside blocks";
    const row = rows.get(title) ?? { title, label, cells: new Map() };
    rows.set(title, row);
    columns.add(kind);
    row.cells.set(kind, index);
  });
  const kinds = [...columns];
  const inOrder = [...rows.values()].sort((a, b) => a.title.localeCompare(b.title, "en", { numeric: true }));
  return {
    part,
    columns: kinds,
    rows: inOrder.map(({ title, label, cells }) => ({
      title,
      label,
      cells: kinds.map((kind) => cells.get(kind)),
    })),
  };
}

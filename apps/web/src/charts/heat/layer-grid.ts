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

/** Modules by block and kind of layer, in the order in which the file names them. */
export interface LayerGrid {
  readonly columns: readonly string[];
  readonly rows: readonly GridRow[];
}

interface OpenRow {
  readonly title: string;
  readonly label: string;
  readonly cells: Map<string, number>;
}

/** Lays modules out, blocks as rows and kinds as columns; numbers in block names are sorted as numbers. */
export function layerGrid(modules: readonly GridModule[]): LayerGrid {
  const several = new Set(modules.map(({ component }) => component)).size > 1;
  const rows = new Map<string, OpenRow>();
  const columns = new Set<string>();
  modules.forEach(({ component, path }, index) => {
    const { block, kind, label } = blockOf(path);
    const title = [several ? component : "", block || "outside blocks"].filter(Boolean).join(": ");
    const row = rows.get(title) ?? {
      title,
      label: several ? `${component} ${label}` : label,
      cells: new Map(),
    };
    rows.set(title, row);
    columns.add(kind);
    row.cells.set(kind, index);
  });
  const kinds = [...columns];
  const inOrder = [...rows.values()].sort((a, b) => a.title.localeCompare(b.title, "en", { numeric: true }));
  return {
    columns: kinds,
    rows: inOrder.map(({ title, label, cells }) => ({
      title,
      label,
      cells: kinds.map((kind) => cells.get(kind)),
    })),
  };
}

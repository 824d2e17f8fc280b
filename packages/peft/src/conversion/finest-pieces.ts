import type { Adapter, AdapterModule } from "../adapter.ts";
import { layerIndex, type LayerIndex } from "./layer-index.ts";
import { hasRowsOfParts, type Piece, piecesOf, type PlacedModule } from "./pieces.ts";
import { placedModules } from "./placed-modules.ts";

/** A module, or rows of one that are a layer of their own in diffusers or transformers: placed there, with that layer's shape. */
export interface ModulePiece extends AdapterModule {
  readonly whole: AdapterModule;
  /** Of the whole update; undefined: all of them in order. */
  readonly rows: Int32Array | undefined;
}

/**
 * The modules of an adapter in the names of diffusers or transformers, what they fuse taken apart, so that what changes one weight
 * has one place in all dialects. What no table has stays as it is, and so do names of llama.cpp, whose rows are in an order
 * that only the model's configuration tells. Headers only.
 */
export function finestPieces(adapter: Adapter): readonly ModulePiece[] {
  const { modules, architecture } = placedModules(adapter);
  const index = layerIndex(architecture);
  const isNamed = adapter.detection.dialect !== "gguf";
  return modules.flatMap((placed) => {
    const pieces = isNamed ? knownPieces(placed, index) : undefined;
    return pieces?.map((piece) => pieceOf(placed.module, piece)) ?? [unnamed(placed)];
  });
}

function knownPieces(placed: PlacedModule, index: LayerIndex): Piece[] | undefined {
  const [found] = index.find(placed.component, placed.path);
  return found !== undefined && hasRowsOfParts(placed.module, found) ? piecesOf(placed, index) : undefined;
}

function unnamed({ module, component, path }: PlacedModule): ModulePiece {
  return { ...module, component, path, whole: module, rows: undefined };
}

function pieceOf(module: AdapterModule, { component, path, rows }: Piece): ModulePiece {
  const isWhole = rows.length === module.shape[0];
  const inOrder = isWhole && rows.every((row, index) => row === index);
  return {
    ...module,
    name: isWhole ? module.name : `${module.name} (${path.slice(path.lastIndexOf(".") + 1)})`,
    component,
    path,
    shape: [rows.length, ...module.shape.slice(1)],
    whole: module,
    rows: inOrder ? undefined : rows,
  };
}

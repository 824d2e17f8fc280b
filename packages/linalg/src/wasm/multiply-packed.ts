import type { Product } from "../engine.ts";
import { block, transposed } from "../ops/strided.ts";
import type { TileShape } from "./kernels/gemm-tile.ts";
import { packPanels, roundUp } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";
import { writeTiles } from "./write-tiles.ts";

/** Terms summed in registers before a tile is written: panels of so many stay in the L1 cache. */
const TERMS = 256;
/** Bytes of packed rows of `a` that stay in the L2 cache. */
const ROWS_BYTES = 192 * 1024;
/** Columns of b, and terms, whose packed panels are kept at once. */
const [COLS, KEPT_TERMS] = [2048, 4096];

/** Between rows of tiles, so that those of a tile do not fall on the same lines of the cache; short ones do not. */
const [TILE_GAP, SHORT_ROW] = [64, 1024];

/** A product, and which part of it is wanted. */
export interface PackedProduct extends Product {
  /** Only tiles that touch or lie above the diagonal are calculated. */
  readonly upper?: boolean | undefined;
}

/**
 * c = alpha · a · b, or c += alpha · a · b, by packed panels in the engine's memory: in f32 where c is f32 and neither a
 * nor b is f64, else in f64.
 *
 * Blocking after Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
 */
export function multiplyPacked(workplace: Workplace, product: PackedProduct): void {
  const { a, b, c } = product;
  for (const cols of spans(b.cols, COLS)) {
    for (const terms of spans(a.cols, KEPT_TERMS)) {
      workplace.arena.scope(() =>
        multiplyColumns(workplace, {
          ...product,
          a: block(a, [0, a.rows], terms),
          b: block(b, terms, cols),
          c: block(c, [0, c.rows], cols),
          add: product.add === true || terms[0] > 0,
        }),
      );
    }
  }
}

/** 0 to `size` in pieces of `step`; one empty piece where there is nothing. */
function spans(size: number, step: number): (readonly [from: number, to: number])[] {
  const pieces: [from: number, to: number][] = [[0, Math.min(step, size)]];
  for (let from = step; from < size; from += step) pieces.push([from, Math.min(from + step, size)]);
  return pieces;
}

/** What a block of columns is calculated with: how it is divided, and where its parts lie. */
interface Plan {
  readonly shape: TileShape;
  /** Rows of a packed at once. */
  readonly height: number;
  /** Columns of b, rounded up to whole tiles. */
  readonly width: number;
  readonly scratch: number;
  readonly left: number;
  readonly right: number;
  readonly tiles: number;
  /** Bytes from a row of the tiles to the next. */
  readonly tileRow: number;
}

function plan({ arena, kernels }: Workplace, { a, b, c, upper }: PackedProduct): Plan {
  const single =
    c.data instanceof Float32Array && [a, b].every(({ data }) => !(data instanceof Float64Array));
  const shape = single ? kernels.tiles.f32 : kernels.tiles.f64;
  const { bytes } = shape.lanes;
  const depth = Math.min(TERMS, a.cols);
  const most = ROWS_BYTES / (TERMS * bytes) / (upper === true ? 4 : 1);
  const height = roundUp(Math.min(most, a.rows), shape.rows);
  const width = roundUp(b.cols, shape.cols);
  const tileRow = width * bytes + (width * bytes > SHORT_ROW ? TILE_GAP : 0);
  return {
    shape,
    height,
    width,
    tileRow,
    scratch: arena.allocate(Math.max(height, b.cols) * depth * 8 + 16),
    left: arena.allocate(height * depth * bytes),
    right: arena.allocate(width * a.cols * bytes),
    tiles: arena.allocate(height * tileRow),
  };
}

/** All of b packed, then a block by block of rows. */
function multiplyColumns(workplace: Workplace, product: PackedProduct): void {
  const { a, b, c, alpha = 1, upper = false, add = false } = product;
  const parts = plan(workplace, product);
  const { shape, width } = parts;
  const depths = spans(a.cols, TERMS);
  for (const terms of depths) {
    const out = parts.right + terms[0] * width * shape.lanes.bytes;
    const lines = transposed(block(b, terms, [0, b.cols]));
    packPanels(workplace, lines, { ...parts, out, to: shape.lanes, panel: shape.cols, alpha });
  }
  for (const rows of spans(a.rows, parts.height)) {
    const first = upper ? Math.floor(rows[0] / shape.cols) * shape.cols : 0;
    for (const terms of depths) {
      const lines = block(a, rows, terms);
      packPanels(workplace, lines, {
        ...parts,
        out: parts.left,
        to: shape.lanes,
        panel: shape.rows,
        alpha: 1,
      });
      multiplyPanels(workplace, parts, { rows: rows[1] - rows[0], terms, first });
    }
    const at = parts.tiles + first * shape.lanes.bytes;
    const tiles = { at, rowBytes: parts.tileRow, single: shape.lanes.id === "f32" };
    writeTiles(workplace.arena, tiles, block(c, rows, [first, c.cols]), add);
  }
}

interface Part {
  readonly rows: number;
  readonly terms: readonly [from: number, to: number];
  /** The first column that is wanted. */
  readonly first: number;
}

/** The first terms begin the tiles, later ones are added. */
function multiplyPanels({ kernels }: Workplace, parts: Plan, { rows, terms, first }: Part): void {
  const { shape, left, right, width, tiles, tileRow } = parts;
  const { bytes, id } = shape.lanes;
  const depth = terms[1] - terms[0];
  const panels = right + terms[0] * width * bytes;
  kernels.functions[`panels_${id}`](
    left,
    left + roundUp(rows, shape.rows) * depth * bytes,
    panels + first * depth * bytes,
    panels + width * depth * bytes,
    tiles + first * bytes,
    tileRow,
    depth,
    terms[0],
  );
}

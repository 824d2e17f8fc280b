import { zeros } from "../create.ts";
import type { Float64Matrix } from "../float64-matrix.ts";
import { block, strided, transposed } from "../ops/strided.ts";
import type { ReflectorBlock } from "../reflector-blocks.ts";
import { f64Lanes } from "./kernels/lanes.ts";
import { packName } from "./kernels/pack.ts";
import { multiplyPacked } from "./multiply-packed.ts";
import { packPanels, roundUp } from "./pack-panels.ts";
import { stage } from "./stage.ts";
import type { Workplace } from "./workplace.ts";

/** Vectors side by side, component after component: what a product reads of its right factor, and writes. */
interface Panels {
  readonly at: number;
  /** Vectors of a panel. */
  readonly width: number;
  /** From a panel to the next, with room for what a tile writes past the last component. */
  readonly bytes: number;
  readonly count: number;
}

/**
 * x ← (H₁·H₂·…)·x for each row x. The rows stay in panels as products read and write them, from the first block to the last:
 * of a block are two products, x ← x − (vᵀ·t)·(v·x).
 */
export function reflectInPanels(place: Workplace, blocks: readonly ReflectorBlock[], x: Float64Matrix): void {
  const { arena, kernels } = place;
  const { rows, cols: width } = kernels.tiles.f64;
  arena.scope(() => {
    const bytes = 8 * width * (x.cols + rows - 1);
    const count = Math.ceil(x.rows / width);
    const panels: Panels = { at: arena.allocate(bytes * count), width, bytes, count };
    putRows(place, x, panels);
    for (let i = blocks.length - 1; i >= 0; i--) arena.scope(() => applyBlock(place, blocks[i], panels));
    takeRows(arena.doubles, x, panels);
  });
}

function applyBlock(place: Workplace, { from, v, t }: ReflectorBlock, panels: Panels): void {
  const { arena, kernels } = place;
  const { rows, lanes } = kernels.tiles.f64;
  const [height, length] = [roundUp(v.rows, rows), roundUp(v.cols, rows)];
  const scratch = arena.allocate(8 * v.rows * v.cols + 16);
  const left = arena.allocate(8 * height * v.cols);
  const right = arena.allocate(8 * length * v.rows);
  const weights = arena.allocate(8 * height * panels.width);
  const turned = zeros(v.rows, v.cols);
  multiplyPacked(place, { a: transposed(strided(t)), b: strided(v), c: strided(turned) });
  packPanels(place, strided(v), { scratch, out: left, to: lanes, panel: rows, alpha: 1 });
  packPanels(place, transposed(strided(turned)), { scratch, out: right, to: lanes, panel: rows, alpha: -1 });
  const multiply = kernels.functions["panels_f64"];
  const row = 8 * panels.width;
  const [leftEnd, rightEnd] = [left + 8 * height * v.cols, right + 8 * length * v.rows];
  for (let i = 0, at = panels.at + row * from; i < panels.count; i++, at += panels.bytes) {
    multiply(left, leftEnd, at, at + 1, weights, row, v.cols, 0);
    multiply(right, rightEnd, weights, weights + 1, at, row, v.rows, 1);
  }
}

function putRows(place: Workplace, x: Float64Matrix, { at, width, bytes, count }: Panels): void {
  const { arena, kernels } = place;
  const pack = kernels.functions[packName({ from: f64Lanes, to: f64Lanes, width })];
  arena.scope(() => {
    const scratch = arena.allocate(8 * width * x.cols);
    for (let i = 0; i < count; i++) {
      const lines = block(strided(x), [i * width, Math.min((i + 1) * width, x.rows)], [0, x.cols]);
      stage(arena, lines, scratch);
      const out = at + i * bytes;
      pack(scratch, out, out + 8 * width * x.cols, lines.rows, 8 * x.cols, 8, 1);
    }
  });
}

function takeRows(
  doubles: Float64Array,
  { rows, cols, data }: Float64Matrix,
  { at, width, bytes }: Panels,
): void {
  for (let i = 0; i < rows; i++) {
    const first = (at + Math.floor(i / width) * bytes) / 8 + (i % width);
    for (let k = 0, from = first, to = i * cols; k < cols; k++, from += width, to++) data[to] = doubles[from];
  }
}

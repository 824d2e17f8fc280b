import type { Float64Matrix } from "../float64-matrix.ts";
import { block, strided } from "../ops/strided.ts";
import { f64Lanes } from "./kernels/lanes.ts";
import { packName } from "./kernels/pack.ts";
import { GROUP } from "./kernels/solve-panel.ts";
import { roundUp } from "./pack-panels.ts";
import { stage } from "./stage.ts";
import type { Workplace } from "./workplace.ts";

/** Rows solved together, and rows copied at once. */
const [PANEL, ROWS] = [4, 64];

/**
 * x ← x · l⁻ᵀ in place, by substitution in four rows of x at once. What l lacks to a multiple of `GROUP` is filled up
 * with the identity, and x with zeros.
 */
export function solveInPanels({ arena, kernels }: Workplace, x: Float64Matrix, l: Float64Matrix): void {
  const n = l.rows;
  const padded = roundUp(n, GROUP);
  const pack = kernels.functions[packName({ from: f64Lanes, to: f64Lanes, width: PANEL })];
  arena.scope(() => {
    const triangle = arena.allocate(8 * padded * padded);
    const scratch = arena.allocate(8 * ROWS * n);
    const panel = arena.allocate(8 * PANEL * padded);
    const { doubles } = arena;
    putTriangle(doubles.subarray(triangle / 8), l, padded);
    doubles.fill(0, panel / 8 + PANEL * n, panel / 8 + PANEL * padded);
    for (let row = 0; row < x.rows; row += PANEL) {
      const inBlock = row % ROWS;
      if (inBlock === 0)
        stage(arena, block(strided(x), [row, Math.min(row + ROWS, x.rows)], [0, n]), scratch);
      const rows = Math.min(PANEL, x.rows - row);
      pack(scratch + 8 * n * inBlock, panel, panel + 8 * PANEL * n, rows, 8 * n, 8, 1);
      // What begins with zeros stays so: the system is that of the rest.
      const zeros = leadingZeros(x, row, rows);
      const [from, within] = [panel + 8 * PANEL * zeros, triangle + 8 * (padded + 1) * zeros];
      kernels.functions["solve_panel"](from, panel + 8 * PANEL * padded, within, 8 * padded);
      unpack(doubles, panel / 8, { rows, cols: n, data: x.data, first: row });
    }
  });
}

/** Columns of groups before the first value of some rows that is not zero. */
function leadingZeros({ cols, data }: Float64Matrix, first: number, count: number): number {
  let least = cols;
  for (let at = first * cols; at < (first + count) * cols; at += cols) {
    let zeros = 0;
    while (zeros < least && data[at + zeros] === 0) zeros++;
    least = zeros;
  }
  return least - (least % GROUP);
}

function putTriangle(to: Float64Array, l: Float64Matrix, padded: number): void {
  to.fill(0, 0, padded * padded);
  for (let i = 0; i < padded; i++) {
    if (i < l.rows) to.set(l.data.subarray(i * l.cols, i * l.cols + i + 1), i * padded);
    else to[i * padded + i] = 1;
  }
}

/** A panel back into the rows of x from `first` on. */
function unpack(doubles: Float64Array, panel: number, { first, rows, cols, data }: PanelRows): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0, from = panel + i, to = (first + i) * cols; j < cols; j++, from += PANEL, to++) {
      data[to] = doubles[from];
    }
  }
}

interface PanelRows extends Float64Matrix {
  readonly first: number;
}

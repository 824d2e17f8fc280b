import type { Float64Matrix } from "../float64-matrix.ts";
import { block, strided } from "../ops/strided.ts";
import { f64Lanes } from "./kernels/lanes.ts";
import { GROUP } from "./kernels/solve-panel.ts";
import { packPanels, roundUp } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Rows solved together. */
const PANEL = 4;

/**
 * x ← x · l⁻ᵀ in place, by substitution in four rows of x at once. What l lacks to a multiple of `GROUP` is filled up
 * with the identity, and x with zeros.
 */
export function solveInPanels(workplace: Workplace, x: Float64Matrix, l: Float64Matrix): void {
  const { arena, kernels } = workplace;
  const n = l.rows;
  const padded = roundUp(n, GROUP);
  const panelBytes = 8 * PANEL * padded;
  arena.scope(() => {
    const triangle = arena.allocate(8 * padded * padded);
    const scratch = arena.allocate(8 * PANEL * n);
    const panel = arena.allocate(panelBytes);
    putTriangle(arena.doubles.subarray(triangle / 8), l, padded);
    for (let first = 0; first < x.rows; first += PANEL) {
      const lines = block(strided(x), [first, Math.min(first + PANEL, x.rows)], [0, n]);
      arena.doubles.fill(0, panel / 8 + PANEL * n, (panel + panelBytes) / 8);
      packPanels(workplace, lines, { scratch, out: panel, to: f64Lanes, panel: PANEL, alpha: 1 });
      kernels.functions["solve_panel"](panel, panel + panelBytes, triangle, 8 * padded);
      const solved = arena.doubles.subarray(panel / 8, panel / 8 + PANEL * n);
      unpack(solved, lines.data, [lines.rows, n]);
    }
  });
}

function putTriangle(to: Float64Array, l: Float64Matrix, padded: number): void {
  to.fill(0, 0, padded * padded);
  for (let i = 0; i < padded; i++) {
    if (i < l.rows) to.set(l.data.subarray(i * l.cols, i * l.cols + i + 1), i * padded);
    else to[i * padded + i] = 1;
  }
}

/** A panel back into rows. */
function unpack(panel: Float64Array, rows: Float64Array, [count, length]: readonly [number, number]): void {
  for (let i = 0; i < count; i++) {
    for (let j = 0, at = i; j < length; j++, at += PANEL) rows[i * length + j] = panel[at];
  }
}

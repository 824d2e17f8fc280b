import type { Operand } from "../ops/strided.ts";
import type { Lanes } from "./kernels/lanes.ts";
import { f32Lanes, f64Lanes } from "./kernels/lanes.ts";
import { packName } from "./kernels/pack.ts";
import type { Staged } from "./stage.ts";
import { stage } from "./stage.ts";
import type { Workplace } from "./workplace.ts";

/** How lines are packed, and where. */
export interface Packing {
  /** Where there is room for the lines as doubles, and for sixteen bytes more. */
  readonly scratch: number;
  readonly out: number;
  readonly to: Lanes;
  /** Lines side by side. */
  readonly panel: number;
  readonly alpha: number;
  /** Of each eight lines the even ones first; `pack` has such a function for the columns of f32 alone. */
  readonly evenFirst?: boolean | undefined;
}

/** Copies lines into the engine's memory and packs them there, panel after panel. */
export function packPanels(workplace: Workplace, lines: Operand, packing: Packing): void {
  const { scratch, out, to, panel, alpha, evenFirst } = packing;
  const from = lines.data instanceof Float64Array ? f64Lanes : f32Lanes;
  const { rowStep, colStep } = stageWide(workplace, lines, scratch);
  const pack = workplace.kernels.functions[packName({ from, to, width: panel, evenFirst })];
  const panelBytes = panel * lines.cols * to.bytes;
  for (let first = 0, at = out; first < lines.rows; first += panel, at += panelBytes) {
    pack(scratch + first * rowStep, at, at + panelBytes, lines.rows - first, rowStep, colStep, alpha);
  }
}

/** Copies lines to `scratch`, those of sixteen bits behind it first, with room for 16 bytes more, and widened from there. */
export function stageWide({ arena, kernels }: Workplace, lines: Operand, scratch: number): Staged {
  if (!("dtype" in lines)) return stage(arena, lines, scratch);
  const end = scratch + 4 * lines.rows * lines.cols;
  const source = roundUp(end, 16);
  const { rowStep, colStep } = stage(arena, lines, source);
  kernels.functions[`widen_${lines.dtype}`](source, scratch, end);
  return { at: scratch, rowStep: 2 * rowStep, colStep: 2 * colStep };
}

/** The next multiple of `step`. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

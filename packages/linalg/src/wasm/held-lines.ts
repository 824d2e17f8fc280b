import type { Matrix } from "../matrix.ts";
import type { Strided } from "../ops/strided.ts";
import { block } from "../ops/strided.ts";
import { roundUp } from "./pack-panels.ts";
import { stage } from "./stage.ts";
import type { Workplace } from "./workplace.ts";

/** Lines of a matrix in the engine's memory, one after another, each filled up to an even length with a zero. */
export interface HeldLines {
  readonly at: number;
  readonly lines: number;
  readonly length: number;
  readonly lineBytes: number;
  readonly type: "f32" | "f64";
}

/** How lines would lie at an address. */
export function linesAt(at: number, { rows, cols, data }: Strided): HeldLines {
  const lineBytes = roundUp(cols, 2) * data.BYTES_PER_ELEMENT;
  const type = data instanceof Float64Array ? "f64" : "f32";
  return { at, lines: rows, length: cols, lineBytes, type };
}

/** Copies rows whose values lie side by side to where they are to be held. */
export function holdLines({ arena }: Workplace, a: Strided, held: HeldLines): void {
  if (a.cols % 2 === 0) {
    stage(arena, a, held.at);
    return;
  }
  const memory: Matrix["data"] = held.type === "f64" ? arena.doubles : arena.singles;
  const [first, step] = [held.at, held.lineBytes].map((bytes) => bytes / a.data.BYTES_PER_ELEMENT);
  for (let line = 0; line < a.rows; line++) {
    const to = first + line * step;
    memory.set(block(a, [line, line + 1], [0, a.cols]).data.subarray(0, a.cols), to);
    memory[to + a.cols] = 0;
  }
}

/**
 * lines · x, or linesᵀ · x added to `y`, of doubles at addresses: x and y of even length, what is past their end being
 * zero.
 */
export function multiplyLines(
  { kernels }: Workplace,
  { at, lines, lineBytes, type }: HeldLines,
  [x, y]: readonly [x: number, y: number],
  turned: boolean,
): void {
  kernels.functions[`${turned ? "add" : "dot"}_rows_${type}`](at, at + lines * lineBytes, lineBytes, x, y);
}

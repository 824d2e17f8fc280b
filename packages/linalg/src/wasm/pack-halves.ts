import { block, type StridedHalf } from "../ops/strided.ts";
import { isFiniteBetween } from "./all-finite-in-memory.ts";
import { roundUp } from "./pack-panels.ts";
import { stage } from "./stage.ts";
import type { Workplace } from "./workplace.ts";

/** Lines of a panel, and bytes of a term of it: the even lines first, then the odd ones. */
const [LINES, TERM] = [8, 32];

/** Values that are copied at a time, unless one panel has more. */
const STAGED = 2 ** 16;

/**
 * Lines of sixteen bits as panels of eight in f32, the even ones first: widened from vectors, in place of being copied, widened and
 * gathered one by one. What a last panel has too many is not defined.
 *
 * @returns whether all values are finite
 */
export function packHalves(place: Workplace, lines: StridedHalf, out: number): boolean {
  const { arena, kernels } = place;
  const { rows, cols } = lines;
  const stack = kernels.functions[`stack_${lines.dtype}`];
  const some = Math.max(LINES, Math.floor(STAGED / cols / LINES) * LINES);
  return arena.scope(() => {
    // Room for lines that the last panel lacks, and for what is read behind a line.
    const source = arena.allocate(2 * (Math.min(some, rows) + LINES) * cols + 16);
    const turned = arena.allocate(2 * LINES * roundUp(cols, LINES));
    let to = out;
    let finite = true;
    for (let first = 0; first < rows; first += some) {
      const part = block(lines, [first, Math.min(rows, first + some)], [0, cols]);
      const { at, rowStep, colStep } = stage(arena, part, source);
      const end = at + 2 * part.rows * cols;
      finite &&= isFiniteBetween(place, { at, end, dtype: lines.dtype });
      for (let line = 0; line < part.rows; line += LINES, to += TERM * cols) {
        const from = at + line * rowStep;
        if (rowStep === 2) stack(from, colStep, to, to + TERM * cols);
        else {
          kernels.functions["turn_eight"](from, rowStep, turned, turned + 2 * LINES * cols);
          stack(turned, 2 * LINES, to, to + TERM * cols);
        }
      }
    }
    return finite;
  });
}

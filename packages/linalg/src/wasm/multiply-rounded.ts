import { LARGEST_COMPONENT, ROUNDED_COLUMNS } from "./kernels/normal-rounded-rows.ts";
import { roundUp } from "./pack-panels.ts";
import type { StoredRows } from "./stored-rows.ts";
import type { Workplace } from "./workplace.ts";

/** Lines that are read past the last, and not looked at. */
const OVERHANG = 4;

/** Lines as whole numbers of eight bits, each times a scale of its own and the unit of all. */
interface RoundedRows {
  readonly at: number;
  readonly end: number;
  readonly lineBytes: number;
  /** Squares, as f32, a line each. */
  readonly squares: number;
  readonly unit: number;
}

/** Runs `work` with what multiplies with aᵀ·a, where the lines of a are rounded to eight bits of their largest values. */
export function withRoundedNormal<T>(
  workplace: Workplace,
  held: StoredRows,
  work: (normal: (x: Float64Array) => Float64Array) => T,
): T {
  return workplace.arena.scope(() => {
    const rounded = holdRounded(workplace, held);
    return work((x) => multiplyRounded(workplace, rounded, x));
  });
}

function holdRounded({ arena, kernels }: Workplace, held: StoredRows): RoundedRows {
  const lineBytes = roundUp(held.width, ROUNDED_COLUMNS);
  const count = roundUp(held.rows, 4);
  const at = arena.allocate((count + OVERHANG) * lineBytes);
  const squares = arena.allocate(4 * count);
  if (lineBytes > held.width) arena.bytes.fill(0, at, at + count * lineBytes);
  kernels.functions[`round_rows_${held.dtype}`](held.at, held.end, held.lineBytes, at, lineBytes, squares);
  const scales = arena.singles.subarray(squares / 4, squares / 4 + count);
  const unit = scales.reduce((most, each) => Math.max(most, each), 0) || 1;
  // Without the unit they could leave the range of f32.
  for (let i = 0; i < count; i++) scales[i] = (scales[i] / unit) ** 2;
  return { at, end: at + count * lineBytes, lineBytes, squares, unit };
}

function multiplyRounded(
  { arena, kernels }: Workplace,
  { at, end, lineBytes: width, squares, unit }: RoundedRows,
  x: Float64Array,
): Float64Array {
  return arena.scope(() => {
    const [from, to] = [arena.allocate(2 * width), arena.allocate(4 * width)];
    const scales = arena.allocate((4 * width) / ROUNDED_COLUMNS);
    for (let first = 0; first < width; first += ROUNDED_COLUMNS) {
      const out = arena.halves.subarray(from / 2 + first, from / 2 + first + ROUNDED_COLUMNS);
      arena.singles[scales / 4 + first / ROUNDED_COLUMNS] = roundPart(x, first, out);
    }
    const sums = arena.singles.subarray(to / 4, to / 4 + width).fill(0);
    kernels.functions["normal_rounded_rows"](at, end, width, squares, from, scales, to, to + 4 * width);
    const product = new Float64Array(x.length);
    for (let i = 0; i < product.length; i++) product[i] = unit * unit * sums[i];
    return product;
  });
}

/** Some components as whole numbers, and what each of those stands for. */
function roundPart(x: Float64Array, first: number, out: Uint16Array): number {
  const end = Math.min(x.length, first + out.length);
  let most = 0;
  for (let i = first; i < end; i++) most = Math.max(most, Math.abs(x[i]));
  const scale = most / LARGEST_COMPONENT || 1;
  out.fill(0);
  for (let i = first; i < end; i++) out[i - first] = Math.round(x[i] / scale);
  return scale;
}

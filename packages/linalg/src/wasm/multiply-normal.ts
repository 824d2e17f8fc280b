import { roundUp } from "./pack-panels.ts";
import { eachWide, type StoredRows } from "./stored-rows.ts";
import type { Workplace } from "./workplace.ts";

/**
 * f16 is read as its value times 2⁻¹¹²: the sums between the products are multiplied with 2¹¹², and x and the product
 * with half of that, so that nothing leaves the range of f32.
 */
const [F16_SCALE, F16_START] = [2 ** 112, 2 ** 56];

/** Rows whose widened values are kept at once. */
const ROWS = 4;

/** aᵀ·(a·x) in one pass over the lines, in f32. */
export function multiplyNormal(
  { arena, kernels }: Workplace,
  { at, end, dtype, width, lineBytes }: StoredRows,
  x: Float64Array,
): Float64Array {
  return arena.scope(() => {
    const [from, to] = [arena.allocate(4 * width), arena.allocate(4 * width)];
    const scratch = arena.allocate(ROWS * 4 * width);
    const [scale, start] = dtype === "f16" ? [F16_SCALE, F16_START] : [1, 1];
    const place = dtype === "f32" ? inOrder : evenFirst;
    const memory = arena.singles;
    memory.fill(0, from / 4, from / 4 + width);
    memory.fill(0, to / 4, to / 4 + width);
    for (let i = 0; i < x.length; i++) memory[from / 4 + place(i)] = start * x[i];
    kernels.functions[`normal_rows_${dtype}`](at, end, lineBytes, from, to, to + 4 * width, scratch, scale);
    const product = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) product[i] = start * memory[to / 4 + place(i)];
    return product;
  });
}

/** aᵀ·(a·x) in one pass over the lines, with f64 sums. */
export function multiplyNormalInDoubles(
  workplace: Workplace,
  held: StoredRows,
  x: Float64Array,
): Float64Array {
  const { arena, kernels } = workplace;
  const { dot_rows_f32: dotRows, add_rows_f32: addRows } = kernels.functions;
  const rows = roundUp(held.rows, 2);
  return arena.scope(() => {
    const [from, to] = [arena.allocate(8 * held.width), arena.allocate(8 * held.width)];
    const products = arena.allocate(8 * rows);
    arena.doubles.fill(0, from / 8, from / 8 + held.width);
    arena.doubles.set(x, from / 8);
    arena.doubles.fill(0, to / 8, to / 8 + held.width);
    arena.doubles.fill(0, products / 8, products / 8 + rows);
    eachWide(workplace, held, ({ first, count, at, lineBytes }) => {
      const end = at + count * lineBytes;
      dotRows(at, end, lineBytes, from, products + 8 * first);
      addRows(at, end, lineBytes, products + 8 * first, to);
    });
    return arena.doubles.slice(to / 8, to / 8 + held.cols);
  });
}

function inOrder(index: number): number {
  return index;
}

/** Of each eight the even ones, then the odd ones. */
function evenFirst(index: number): number {
  return (index & ~7) | ((index & 1) << 2) | ((index & 7) >> 1);
}

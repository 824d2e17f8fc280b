import type { StoredRows } from "./stored-rows.ts";
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

function inOrder(index: number): number {
  return index;
}

/** Of each eight the even ones, then the odd ones. */
function evenFirst(index: number): number {
  return (index & ~7) | ((index & 1) << 2) | ((index & 7) >> 1);
}

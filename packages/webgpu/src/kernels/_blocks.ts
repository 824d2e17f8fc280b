import type { LoraError, Ops } from "@lora/tensor";
import { PACKED_BYTES, type WebGpuStorage } from "../webgpu-storage.ts";
import { cuts, rowsInBinding, rowTooLong } from "./_region.ts";

export type ProductArgs = Ops<WebGpuStorage>["gemm"];

/** Sizes of op(a), m × k, and op(b), k × n, and how many products of them there are. */
export interface ProductSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
}

export type Range = readonly [from: number, to: number];

/** A part of a product: matrices of the stack, rows and columns of the result, terms of the sum; in slices. */
export interface Block {
  readonly matrices: Range;
  readonly rows: Range;
  readonly cols: Range;
  readonly terms: Range;
  readonly slices: number;
}

const MOST_GROUPS = 65_535;
/** Rows or columns that the smallest workgroup of any kernel calculates. */
const SMALLEST_TILE = 8;

/** The sizes of a product, of matrices or of stacks of them. */
export function productSizes({ a, b, transA, transB }: ProductArgs): ProductSizes {
  const [aRows, aCols] = matrixShape(a.shape);
  const [bRows, bCols] = matrixShape(b.shape);
  const [m, k] = transA === true ? [aCols, aRows] : [aRows, aCols];
  return { m, k, n: transB === true ? bRows : bCols, batch: a.shape.length === 3 ? a.shape[0]! : 1 };
}

/** The last two sizes of a shape. */
export function matrixShape(shape: readonly number[]): readonly [rows: number, cols: number] {
  return [shape.at(-2)!, shape.at(-1)!];
}

/** Why no binding holds a row of the operands or of the result. */
export function rowProblem(args: ProductArgs, mostBinding: number): LoraError | undefined {
  const rows = [
    [args.a.shape.at(-1)!, args.a.storage],
    [args.b.shape.at(-1)!, args.b.storage],
    [productSizes(args).n, { ...args.a.storage, packing: "f32" }],
  ] as const;
  const bad = rows.find(([length, storage]) => rowsInBinding(length, storage, mostBinding) < 1);
  return bad && rowTooLong("gemm", bad[0], mostBinding);
}

/**
 * Blocks whose operands fit a binding each. Of a stack as many products as fit go together, whole; where one does
 * not fit alone, and for single products, stored rows are cut, which are terms where an operand is so turned.
 */
export function blocksOf(args: ProductArgs, mostBinding: number): Block[] {
  const sizes = productSizes(args);
  const { m, n, k, batch } = sizes;
  const f32 = { ...args.a.storage, packing: "f32" } as const;
  const bytes = [m * k * bytesOf(args.a.storage), k * n * bytesOf(args.b.storage), m * n * bytesOf(f32)];
  const together = Math.min(MOST_GROUPS, Math.floor((mostBinding - 256) / Math.max(1, ...bytes)));
  if (batch > 1 && together >= 1) {
    const whole = { rows: [0, m], cols: [0, n], terms: [0, k], slices: 1 } as const;
    return cuts(batch, together).map((matrices) => ({ matrices, ...whole }));
  }
  const parts = partsOf(args, sizes, mostBinding);
  const slices = parts.length === 1 && batch === 1 ? slicesOf(sizes) : 1;
  return cuts(batch, 1).flatMap((matrices) => parts.map((part) => ({ matrices, slices, ...part })));
}

function bytesOf({ packing }: WebGpuStorage): number {
  return PACKED_BYTES[packing];
}

function partsOf(
  { a, b, transA, transB }: ProductArgs,
  { m, n, k }: ProductSizes,
  mostBinding: number,
): Pick<Block, "rows" | "cols" | "terms">[] {
  const ofA = rowsInBinding(a.shape.at(-1)!, a.storage, mostBinding);
  const ofB = rowsInBinding(b.shape.at(-1)!, b.storage, mostBinding);
  const ofC = rowsInBinding(n, { ...a.storage, packing: "f32" }, mostBinding);
  const most = SMALLEST_TILE * MOST_GROUPS;
  const rows = cuts(m, Math.min(most, ofC, transA === true ? Infinity : ofA));
  const cols = cuts(n, Math.min(most, transB === true ? ofB : Infinity));
  const depth = Math.min(transA === true ? ofA : Infinity, transB === true ? Infinity : ofB, 2 ** 31);
  const terms = k === 0 ? [[0, 0] as const] : cuts(k, depth);
  return rows.flatMap((row) =>
    cols.flatMap((col) => terms.map((term) => ({ rows: row, cols: col, terms: term }))),
  );
}

/** Terms of a slice are a multiple of this, as kernels take them up. */
const SLICE_STEP = 16;

/** Terms of each slice of a sum. */
export function sliceTerms(k: number, slices: number): number {
  return slices === 1 ? k : Math.ceil(k / slices / SLICE_STEP) * SLICE_STEP;
}

/** Few results of long sums would leave most of a device idle. By sizes alone, so that all devices add alike. */
function slicesOf({ m, n, k }: ProductSizes): number {
  const tiles = Math.ceil(m / 64) * Math.ceil(n / 64);
  if (tiles >= 64 || k < 1024) return 1;
  const slices = Math.min(Math.ceil(k / 256), Math.floor(64 / tiles));
  return Math.ceil(k / sliceTerms(k, slices));
}

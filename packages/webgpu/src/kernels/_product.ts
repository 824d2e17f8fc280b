import type { LoraError, Ops } from "@lora/tensor";
import type { WebGpuStorage } from "../webgpu-storage.ts";
import { packingsOf } from "./_elements.ts";
import { floatWord, type KernelOf, type Launcher, type Shader } from "./_kernel.ts";
import { operand, UNPACK } from "./_operand.ts";
import { reduceLines } from "./_reduction.ts";
import { cuts, elements, rowsInBinding, rowTooLong } from "./_region.ts";

type Args = Ops<WebGpuStorage>["gemm"];

const MOST_GROUPS = 65_535;

/** What a gemm kernel says of itself. */
export interface ProductShader {
  readonly id: string;
  readonly wgsl: string;
  readonly forSoftware: boolean;
  /** Rows and columns of the result that a workgroup calculates. */
  readonly tile: readonly [rows: number, cols: number];
}

/**
 * WGSL that all gemm kernels begin with: op(a) and op(b) by row and column, whatever their packing and transposition,
 * and `put`, which scales an entry of the sum and stores it. A kernel sums `first_term` to `end_term` (exclusive).
 */
export const PRODUCT_WGSL: string = /* wgsl */ `
override TRANS_A: bool = false;
override TRANS_B: bool = false;
override ADD: bool = false; // to what is there: the terms of an earlier dispatch

struct Sizes {
  m: u32, n: u32, k: u32,
  slice: u32, slab: u32,             // terms of a slice of the sum; values from its result to that of the next
  a_step: u32, b_step: u32, c_step: u32, // values from a stored row to the next
  a_shift: u32, b_shift: u32, c_shift: u32,
  alpha: f32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
${operand("a", 1)}${operand("b", 2)}${UNPACK}
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

fn left(row: u32, term: u32) -> f32 {
  return a_at(sizes.a_shift + select(row * sizes.a_step + term, term * sizes.a_step + row, TRANS_A));
}

fn right(term: u32, col: u32) -> f32 {
  return b_at(sizes.b_shift + select(term * sizes.b_step + col, col * sizes.b_step + term, TRANS_B));
}

fn end_term(slice: u32) -> u32 { return min(sizes.k, (slice + 1u) * sizes.slice); }

fn put(row: u32, col: u32, slice: u32, sum: f32) {
  if (row >= sizes.m || col >= sizes.n) { return; }
  let at = sizes.c_shift + slice * sizes.slab + row * sizes.c_step + col;
  if (ADD) { c[at] += sizes.alpha * sum; } else { c[at] = sizes.alpha * sum; }
}
`;

/** A kernel of `gemm` from its shader: by blocks that fit bindings, long sums by slices that are added afterwards. */
export function productKernel({ id, wgsl, forSoftware, tile }: ProductShader): KernelOf<"gemm"> {
  const shader: Shader = { id, wgsl, inputs: 2 };
  return {
    op: "gemm",
    id,
    forSoftware,
    problem: rowProblem,
    run(args, out, launcher) {
      const product = { shader, tile, args, sizes: sizesOf(args) };
      const blocks = blocksOf(product, out, launcher.mostBinding);
      const { m, n, k } = product.sizes;
      const slices = blocks.length === 1 ? slicesOf(m, n, k) : 1;
      if (slices === 1) {
        for (const block of blocks) launchBlock(product, block, out, launcher);
        return;
      }
      launcher.scratch(slices * m * n, (slabs) => {
        launchBlock(product, { ...blocks[0]!, slices }, slabs, launcher);
        reduceLines({ kind: "sum", x: slabs, rows: slices, cols: m * n, along: "columns" }, out, launcher);
      });
    },
  };
}

interface Product {
  readonly shader: Shader;
  readonly tile: readonly [rows: number, cols: number];
  readonly args: Args;
  readonly sizes: { readonly m: number; readonly n: number; readonly k: number };
}

type Range = readonly [from: number, to: number];

/** A part of the product: rows and columns of the result, terms of the sum, and into how many slices those are cut. */
interface Block {
  readonly rows: Range;
  readonly cols: Range;
  readonly terms: Range;
  readonly slices: number;
}

function sizesOf({ a, b, transA, transB }: Args): Product["sizes"] {
  const [m, k] = transA === true ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  return { m, k, n: transB === true ? b.shape[0]! : b.shape[1]! };
}

function rowProblem(args: Args, mostBinding: number): LoraError | undefined {
  const rows = [
    [args.a.shape[1]!, args.a.storage],
    [args.b.shape[1]!, args.b.storage],
    [sizesOf(args).n, { ...args.a.storage, packing: "f32" }],
  ] as const;
  const bad = rows.find(([length, storage]) => rowsInBinding(length, storage, mostBinding) < 1);
  return bad && rowTooLong("gemm", bad[0], mostBinding);
}

/** Blocks whose operands fit a binding each: stored rows are cut, which are terms where an operand is so turned. */
function blocksOf({ args, sizes, tile }: Product, out: WebGpuStorage, mostBinding: number): Block[] {
  const { a, b, transA, transB } = args;
  const ofA = rowsInBinding(a.shape[1]!, a.storage, mostBinding);
  const ofB = rowsInBinding(b.shape[1]!, b.storage, mostBinding);
  const ofC = rowsInBinding(sizes.n, out, mostBinding);
  const most = (size: number): number => size * MOST_GROUPS;
  const rows = cuts(sizes.m, Math.min(most(tile[0]), ofC, transA === true ? Infinity : ofA));
  const cols = cuts(sizes.n, Math.min(most(tile[1]), transB === true ? ofB : Infinity));
  const depth = Math.min(transA === true ? ofA : Infinity, transB === true ? Infinity : ofB, 2 ** 31);
  const terms = sizes.k === 0 ? [[0, 0] as const] : cuts(sizes.k, depth);
  return rows.flatMap((row) =>
    cols.flatMap((col) => terms.map((term) => ({ rows: row, cols: col, terms: term, slices: 1 }))),
  );
}

/** Few results of long sums would leave most of a device idle. By sizes alone, so that all devices add alike. */
function slicesOf(m: number, n: number, k: number): number {
  const tiles = Math.ceil(m / 64) * Math.ceil(n / 64);
  return tiles >= 64 || k < 1024 ? 1 : Math.min(Math.ceil(k / 256), Math.floor(64 / tiles));
}

function launchBlock(
  { shader, tile, args, sizes }: Product,
  { rows, cols, terms, slices }: Block,
  out: WebGpuStorage,
  launcher: Launcher,
): void {
  const { a, b, transA, transB, alpha } = args;
  const left = part(a.storage, transA === true ? [terms, rows] : [rows, terms], a.shape[1]!);
  const right = part(b.storage, transB === true ? [cols, terms] : [terms, cols], b.shape[1]!);
  const target =
    slices === 1 ? part(out, [rows, cols], sizes.n) : elements(out, 0, slices * sizes.m * sizes.n);
  const [m, n, k] = [rows, cols, terms].map(([from, to]) => to - from) as [number, number, number];
  launcher.launch({
    shader,
    constants: {
      ...packingsOf({ a: a.storage, b: b.storage }),
      TRANS_A: Number(transA ?? false),
      TRANS_B: Number(transB ?? false),
      ADD: Number(terms[0] > 0),
    },
    parameters: [m, n, k, Math.ceil(k / slices), sizes.m * sizes.n].concat(
      [a.shape[1]!, b.shape[1]!, sizes.n],
      [left.shift, right.shift, target.shift],
      floatWord(alpha ?? 1),
    ),
    inputs: [left.region, right.region],
    output: target.region,
    grid: [Math.ceil(n / tile[1]), Math.ceil(m / tile[0]), slices],
  });
}

/** Stored rows and columns of a matrix, bound from the first of its values to the last. */
function part(
  storage: WebGpuStorage,
  [rows, cols]: readonly [Range, Range],
  step: number,
): ReturnType<typeof elements> {
  const empty = rows[0] === rows[1] || cols[0] === cols[1];
  return empty
    ? elements(storage, 0, 0)
    : elements(storage, rows[0] * step + cols[0], (rows[1] - 1) * step + cols[1]);
}

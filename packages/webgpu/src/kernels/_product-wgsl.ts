import { type Reading, readOperand, wideningOf } from "./_reading.ts";

/** How a gemm shader reads its operands. */
export interface Readings {
  readonly a: Reading;
  readonly b: Reading;
}

/**
 * WGSL that all gemm kernels begin with: the sizes, op(a) and op(b), and `put`, which scales an entry of the sum and
 * stores it. `z` counts slices of the sum, and products of a stack; a kernel sums `first_term(z)` to `end_term(z)`
 * (exclusive). Matrices begin at `a_base(z)`, `b_base(z)`.
 */
export function productWgsl({ a, b }: Readings): string {
  return /* wgsl */ `
override TRANS_A: bool = false;
override TRANS_B: bool = false;
override ADD: bool = false; // to what is there: the terms of an earlier dispatch

struct Sizes {
  m: u32, n: u32, k: u32,
  slice: u32, slices: u32, slab: u32,    // terms of a slice; how many; values from one result to the next
  a_step: u32, b_step: u32,              // values from a stored row to the next
  c_step: u32, c_col: u32,               // values of the result from a row to the next, from a column to the next
  a_shift: u32, b_shift: u32, c_shift: u32,
  a_batch: u32, b_batch: u32,            // values from a matrix of a stack to the next
  alpha: f32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;

fn first_term(z: u32) -> u32 { return (z % sizes.slices) * sizes.slice; }
fn end_term(z: u32) -> u32 { return min(sizes.k, first_term(z) + sizes.slice); }
fn a_base(z: u32) -> u32 { return sizes.a_shift + (z / sizes.slices) * sizes.a_batch; }
fn b_base(z: u32) -> u32 { return sizes.b_shift + (z / sizes.slices) * sizes.b_batch; }
${wideningOf([a.packing, b.packing])}
${readOperand("a", 1, a)}${a.by === "values" ? LEFT : ""}
${readOperand("b", 2, b)}${b.by === "values" ? RIGHT : ""}
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

fn put(row: u32, col: u32, z: u32, sum: f32) {
  if (row >= sizes.m || col >= sizes.n) { return; }
  let at = sizes.c_shift + z * sizes.slab + row * sizes.c_step + col * sizes.c_col;
  if (ADD) { c[at] += sizes.alpha * sum; } else { c[at] = sizes.alpha * sum; }
}
`;
}

const LEFT = /* wgsl */ `
fn left(base: u32, row: u32, term: u32) -> f32 {
  return a_at(base + select(row * sizes.a_step + term, term * sizes.a_step + row, TRANS_A));
}
`;

const RIGHT = /* wgsl */ `
fn right(base: u32, term: u32, col: u32) -> f32 {
  return b_at(base + select(term * sizes.b_step + col, col * sizes.b_step + term, TRANS_B));
}
`;

/** What tells shaders of one kernel with different readings apart. */
export function readingsId({ a, b }: Readings): string {
  return `${a.by} ${a.packing} ${b.by} ${b.packing}`;
}

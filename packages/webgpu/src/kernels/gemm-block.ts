// gemm: alpha · op(a) · op(b), f32. Each workgroup of 16 × 16 threads calculates 64 × 64 results, a thread 4 × 4 in
// registers, from tiles of 16 terms in workgroup memory: a value read from there serves four products.
// Error: |c − exact| ≤ 2·(k + 1)·2⁻²⁴·(|a|·|b|) entrywise.
import type { KernelOf } from "./_kernel.ts";
import { PRODUCT_WGSL, productKernel } from "./_product.ts";

const wgsl = /* wgsl */ `
${PRODUCT_WGSL}
const DEPTH = 16u;
const PITCH = 17u; // quads of a tile row, one more than are used: neighbours in a column lie in different banks
var<workgroup> a_tile: array<vec4<f32>, DEPTH * PITCH>; // [term][quad of rows]
var<workgroup> b_tile: array<vec4<f32>, DEPTH * PITCH>; // [term][quad of columns]

// Four values below or beside each other; what lies outside is zero, so that a NaN meets no term that is not there.
fn left_quad(row: u32, term: u32, end: u32) -> vec4<f32> {
  var quad = vec4<f32>();
  for (var i = 0u; i < 4u; i++) {
    if (row + i < sizes.m && term < end) { quad[i] = left(row + i, term); }
  }
  return quad;
}

fn right_quad(term: u32, col: u32, end: u32) -> vec4<f32> {
  var quad = vec4<f32>();
  for (var i = 0u; i < 4u; i++) {
    if (col + i < sizes.n && term < end) { quad[i] = right(term, col + i); }
  }
  return quad;
}

fn put_row(row: u32, col: u32, slice: u32, sums: vec4<f32>) {
  for (var i = 0u; i < 4u; i++) { put(row, col + i, slice, sums[i]); }
}

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>) {
  let first_row = group.y * 64u;
  let first_col = group.x * 64u;
  let end = end_term(group.z);
  // Neighbouring threads read along the stored rows: terms of a, columns of b, or the other way where transposed.
  let a_term = select(thread.x, thread.y, TRANS_A);
  let a_quad = select(thread.y, thread.x, TRANS_A);
  let b_term = select(thread.y, thread.x, TRANS_B);
  let b_quad = select(thread.x, thread.y, TRANS_B);
  var row0 = vec4<f32>();
  var row1 = vec4<f32>();
  var row2 = vec4<f32>();
  var row3 = vec4<f32>();
  for (var first = group.z * sizes.slice; first < end; first += DEPTH) {
    a_tile[a_term * PITCH + a_quad] = left_quad(first_row + 4u * a_quad, first + a_term, end);
    b_tile[b_term * PITCH + b_quad] = right_quad(first + b_term, first_col + 4u * b_quad, end);
    workgroupBarrier();
    for (var term = 0u; term < DEPTH; term++) {
      let a_values = a_tile[term * PITCH + thread.y];
      let b_values = b_tile[term * PITCH + thread.x];
      row0 += a_values.x * b_values;
      row1 += a_values.y * b_values;
      row2 += a_values.z * b_values;
      row3 += a_values.w * b_values;
    }
    workgroupBarrier();
  }
  let row = first_row + 4u * thread.y;
  let col = first_col + 4u * thread.x;
  put_row(row, col, group.z, row0);
  put_row(row + 1u, col, group.z, row1);
  put_row(row + 2u, col, group.z, row2);
  put_row(row + 3u, col, group.z, row3);
}
`;

export const gemmBlock: KernelOf<"gemm"> = productKernel({
  id: "gemm-block",
  wgsl,
  forSoftware: false,
  tile: [64, 64],
});

// gemm: alpha · op(a) · op(b), f32. A thread calculates 4 × 8 results in registers and reads a and b by itself: for
// adapters that calculate on the processor, where workgroup memory and barriers cost more than they save.
// Error: |c − exact| ≤ 2·(k + 1)·2⁻²⁴·(|a|·|b|) entrywise.
import type { KernelOf } from "./_kernel.ts";
import { byValues, productKernel } from "./_product.ts";
import { productWgsl, readingsId } from "./_product-wgsl.ts";
import { THIN_COLUMNS, thinVariant } from "./_thin.ts";

const wgsl = /* wgsl */ `
fn left_quad(base: u32, rows: vec4<u32>, term: u32) -> vec4<f32> {
  return vec4<f32>(
    left(base, rows.x, term), left(base, rows.y, term), left(base, rows.z, term), left(base, rows.w, term),
  );
}

fn right_quad(base: u32, term: u32, cols: vec4<u32>) -> vec4<f32> {
  return vec4<f32>(
    right(base, term, cols.x), right(base, term, cols.y), right(base, term, cols.z), right(base, term, cols.w),
  );
}

fn put_row(row: u32, col: u32, slice: u32, sums: mat2x4<f32>) {
  for (var i = 0u; i < 4u; i++) {
    put(row, col + i, slice, sums[0][i]);
    put(row, col + 4u + i, slice, sums[1][i]);
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>) {
  let row = (group.y * 8u + thread.y) * 4u;
  let col = (group.x * 8u + thread.x) * 8u;
  if (row >= sizes.m || col >= sizes.n) { return; }
  // Rows and columns outside are read as the last ones inside, and not stored.
  let quad = vec4<u32>(0u, 1u, 2u, 3u);
  let rows = min(vec4<u32>(row) + quad, vec4<u32>(sizes.m - 1u));
  let cols0 = min(vec4<u32>(col) + quad, vec4<u32>(sizes.n - 1u));
  let cols1 = min(vec4<u32>(col + 4u) + quad, vec4<u32>(sizes.n - 1u));
  var sums: array<mat2x4<f32>, 4>;
  let end = end_term(group.z);
  let a_first = a_base(group.z);
  let b_first = b_base(group.z);
  for (var term = first_term(group.z); term < end; term++) {
    let a_values = left_quad(a_first, rows, term);
    let b_values = mat2x4<f32>(right_quad(b_first, term, cols0), right_quad(b_first, term, cols1));
    sums[0] += a_values.x * b_values;
    sums[1] += a_values.y * b_values;
    sums[2] += a_values.z * b_values;
    sums[3] += a_values.w * b_values;
  }
  for (var i = 0u; i < 4u; i++) { put_row(row + i, col, group.z, sums[i]); }
}
`;

export const gemmVector: KernelOf<"gemm"> = productKernel({
  id: "gemm-vector",
  forSoftware: true,
  fewColumns: THIN_COLUMNS,
  variant(situation) {
    if (situation.n <= THIN_COLUMNS) return thinVariant(situation);
    const readings = byValues(situation);
    const id = `gemm-vector ${readingsId(readings)}`;
    return { shader: { id, wgsl: productWgsl(readings) + wgsl, inputs: 2 }, tile: [32, 64] };
  },
});

// gemm: alpha · op(a) · op(b), f32. Each workgroup calculates 16 × 16 results, a thread one, from tiles of a and b in
// workgroup memory: the plainest kernel that reads every value once a tile.
// Error: |c − exact| ≤ 2·(k + 1)·2⁻²⁴·(|a|·|b|) entrywise.
import type { KernelOf } from "./_kernel.ts";
import { byValues, productKernel } from "./_product.ts";
import { productWgsl, readingsId } from "./_product-wgsl.ts";

const wgsl = /* wgsl */ `
const TILE = 16u;
var<workgroup> a_tile: array<array<f32, TILE>, TILE>;
var<workgroup> b_tile: array<array<f32, TILE>, TILE>;

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>) {
  let row = group.y * TILE + thread.y;
  let col = group.x * TILE + thread.x;
  let end = end_term(group.z);
  let a_first = a_base(group.z);
  let b_first = b_base(group.z);
  var sum = 0.0;
  for (var first = first_term(group.z); first < end; first += TILE) {
    // What lies outside is zero in both tiles, so that a NaN meets no term that is not there.
    var a_value = 0.0;
    var b_value = 0.0;
    if (row < sizes.m && first + thread.x < end) { a_value = left(a_first, row, first + thread.x); }
    if (col < sizes.n && first + thread.y < end) { b_value = right(b_first, first + thread.y, col); }
    a_tile[thread.y][thread.x] = a_value;
    b_tile[thread.y][thread.x] = b_value;
    workgroupBarrier();
    for (var term = 0u; term < TILE; term++) {
      sum += a_tile[thread.y][term] * b_tile[term][thread.x];
    }
    workgroupBarrier();
  }
  put(row, col, group.z, sum);
}
`;

export const gemmTile: KernelOf<"gemm"> = productKernel({
  id: "gemm-tile",
  forSoftware: false,
  variant(situation) {
    const readings = byValues(situation);
    const id = `gemm-tile ${readingsId(readings)}`;
    return { shader: { id, wgsl: productWgsl(readings) + wgsl, inputs: 2 }, tile: [16, 16] };
  },
});

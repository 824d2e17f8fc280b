// transpose: xᵀ, by tiles of 16 × 16 through workgroup memory, so that reads and writes both go along rows.
import { elementCount, LoraError } from "@lora/tensor";
import { PACKED_BYTES } from "../webgpu-storage.ts";
import { packingsOf } from "./_elements.ts";
import { defineKernel, type KernelOf } from "./_kernel.ts";
import { operand, UNPACK } from "./_operand.ts";
import { elements } from "./_region.ts";

const [TILE, MOST_GROUPS] = [16, 65_535];

const wgsl = /* wgsl */ `
const TILE = ${TILE}u;
struct Parameters { rows: u32, cols: u32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
${operand("x", 1)}${UNPACK}
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
var<workgroup> tile: array<array<f32, TILE + 1u>, TILE>; // a column more, so that columns lie in different banks

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>) {
  let row = group.y * TILE + thread.y;
  let col = group.x * TILE + thread.x;
  if (row < parameters.rows && col < parameters.cols) {
    tile[thread.y][thread.x] = x_at(row * parameters.cols + col);
  }
  workgroupBarrier();
  let turned_row = group.x * TILE + thread.y;
  let turned_col = group.y * TILE + thread.x;
  if (turned_row < parameters.cols && turned_col < parameters.rows) {
    result[turned_row * parameters.rows + turned_col] = tile[thread.x][thread.y];
  }
}
`;

export const transpose: KernelOf<"transpose"> = defineKernel("transpose", {
  id: "transpose",
  problem({ x }, mostBinding) {
    const bytes = elementCount(x.shape) * PACKED_BYTES.f32;
    const fits = bytes <= mostBinding && x.shape.every((size) => size <= TILE * MOST_GROUPS);
    if (fits) return undefined;
    return new LoraError(
      "UNSUPPORTED",
      `transpose: a matrix of ${bytes} bytes is larger than what this device binds at once, ${mostBinding} bytes`,
      {
        shape: x.shape,
        bytes,
        mostBinding,
        advice: "multiply with `transA` or `transB`, which copy nothing",
      },
    );
  },
  run({ x }, out, launcher) {
    const [rows, cols] = [x.shape[0]!, x.shape[1]!];
    launcher.launch({
      shader: { id: "transpose", wgsl, inputs: 1 },
      constants: packingsOf({ x: x.storage }),
      parameters: [rows, cols],
      inputs: [elements(x.storage, 0, rows * cols).region],
      output: elements(out, 0, rows * cols).region,
      grid: [Math.ceil(cols / TILE), Math.ceil(rows / TILE), 1],
    });
  },
});

// axpy: alpha · x + y. Error: two roundings, or one where the device fuses them.
import { launchElements } from "./_elements.ts";
import { defineKernel, floatWord, type KernelOf } from "./_kernel.ts";
import { operand, UNPACK } from "./_operand.ts";

const wgsl = /* wgsl */ `
struct Parameters { count: u32, alpha: f32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
${operand("x", 1)}${operand("y", 2)}${UNPACK}
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < parameters.count; i += groups.x * 64u) {
    result[i] = parameters.alpha * x_at(i) + y_at(i);
  }
}
`;

export const axpy: KernelOf<"axpy"> = defineKernel("axpy", {
  id: "axpy",
  run({ alpha, x, y }, out, launcher) {
    const inputs = { x: x.storage, y: y.storage };
    const shader = { id: "axpy", wgsl, inputs: 2 };
    launchElements({ shader, shape: x.shape, inputs, parameters: [floatWord(alpha)] }, out, launcher);
  },
});

// scale: alpha · x. Error: one rounding.
import { launchElements } from "./_elements.ts";
import { defineKernel, floatWord, type KernelOf } from "./_kernel.ts";
import { operand, UNPACK } from "./_operand.ts";

const wgsl = /* wgsl */ `
struct Parameters { count: u32, alpha: f32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
${operand("x", 1)}${UNPACK}
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < parameters.count; i += groups.x * 64u) {
    result[i] = parameters.alpha * x_at(i);
  }
}
`;

export const scale: KernelOf<"scale"> = defineKernel("scale", {
  id: "scale",
  run({ alpha, x }, out, launcher) {
    const shader = { id: "scale", wgsl, inputs: 1 };
    const inputs = { x: x.storage };
    launchElements({ shader, shape: x.shape, inputs, parameters: [floatWord(alpha)] }, out, launcher);
  },
});

// map2: x + y, x − y or x · y. Error: one rounding.
import { launchElements } from "./_elements.ts";
import { defineKernel, type KernelOf } from "./_kernel.ts";
import { operand, UNPACK } from "./_operand.ts";

const KINDS = { add: 0, subtract: 1, multiply: 2 } as const;

const wgsl = /* wgsl */ `
override KIND: u32;
@group(0) @binding(0) var<uniform> count: u32;
${operand("x", 1)}${operand("y", 2)}${UNPACK}
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

fn combined(x: f32, y: f32) -> f32 {
  switch (KIND) {
    case ${KINDS.add}u: { return x + y; }
    case ${KINDS.subtract}u: { return x - y; }
    default: { return x * y; }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < count; i += groups.x * 64u) {
    result[i] = combined(x_at(i), y_at(i));
  }
}
`;

export const map2: KernelOf<"map2"> = defineKernel("map2", {
  id: "map2",
  run({ kind, x, y }, out, launcher) {
    const shader = { id: "map2", wgsl, inputs: 2 };
    const inputs = { x: x.storage, y: y.storage };
    launchElements({ shader, shape: x.shape, inputs, constants: { KIND: KINDS[kind] } }, out, launcher);
  },
});

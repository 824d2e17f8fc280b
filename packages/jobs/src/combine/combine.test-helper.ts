import { multiply, referenceEngine } from "@lora/linalg";
import { loadDelta, readAdapter } from "@lora/peft";
import { type LazyTensor, tensorFile, type TensorFile } from "@lora/tensor";
import { kohyaFile, type MadeModule } from "../adapters.test-helper.ts";
import { combine, type CombineJobOptions } from "./combine.ts";
import type { CombineReport } from "./combine-report.ts";
import type { CombineInput } from "./inputs.ts";

/** What is written, and its report. */
export async function combined(
  inputs: readonly (readonly [TensorFile, number])[],
  options: Partial<CombineJobOptions> = {},
): Promise<{ file: TensorFile; report: CombineReport }> {
  const given = inputs.map(([file, weight]): CombineInput => ({ file, weight }));
  const output = await combine(
    given,
    { method: "linear", dtype: "f32", ...options },
    { engine: referenceEngine },
  );
  const tensors: [string, LazyTensor][] = [];
  for (const [name, { dtype, shape, ...tensor }] of output.file.tensors) {
    const values = await output.file.tensors.get(name)!.bytes();
    tensors.push([name, { dtype, shape, byteLength: tensor.byteLength, bytes: async () => values }]);
  }
  const { metadata, sidecars } = output.file;
  const file = tensorFile({ name: "out.safetensors", tensors, metadata, sidecars });
  return { file, report: output.report({ path: "out.safetensors", bytes: 0 }) };
}

/** The updates of a file by module name, as dense values. */
export async function updates(file: TensorFile): Promise<Record<string, readonly number[]>> {
  const { modules } = await readAdapter(file);
  const entries = modules.map(async (module) => {
    const { up, down } = (await loadDelta(module)).factors();
    return [module.name, [...multiply(up, down).data]] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

export const A: MadeModule = { out: 10, in: 8, rank: 4, alpha: 2 };
export const B: MadeModule = { out: 6, in: 5, rank: 2 };
const C: MadeModule = { out: 7, in: 3, rank: 3, kernel: 3, alpha: 1 };
export const FIRST: TensorFile = kohyaFile(
  { lora_unet_a: A, lora_unet_b: B, lora_unet_c: C },
  { ss_network_dim: "4", note: "x" },
);
export const SECOND: TensorFile = kohyaFile({
  lora_unet_z: { ...B, rank: 1 },
  lora_unet_c: { ...C, rank: 2 },
  lora_unet_a: { ...A, rank: 6, alpha: 9 },
});

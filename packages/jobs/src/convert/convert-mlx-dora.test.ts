import { randomMatrix } from "@lora/linalg";
import { readValues, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { convert } from "../index.ts";

const LAYER = "model.layers.0.self_attn.q_proj";
const MAGNITUDES = [1, 2, 3, 4];

const MLX = tensorFile({
  name: "adapters.safetensors",
  tensors: [
    [`${LAYER}.lora_a`, tensorOfValues(randomMatrix(6, 2, 1).data, "f32", [6, 2])],
    [`${LAYER}.lora_b`, tensorOfValues(randomMatrix(2, 4, 2).data, "f32", [2, 4])],
    [`${LAYER}.m`, tensorOfValues(MAGNITUDES, "f32", [4])],
  ],
  sidecars: [
    ["adapter_config.json", '{"fine_tune_type": "dora", "lora_parameters": {"rank": 2, "scale": 4.0}}'],
  ],
});

async function converted(file: TensorFile, to: string): Promise<TensorFile> {
  const output = await convert(file, { to });
  const report = await output.verify(output.file, { path: "out", bytes: 1 });
  expect(report).toMatchObject({ passed: true, relativeErrorFrobenius: 0, dropped: [] });
  expect(report.magnitudes).toHaveLength(1);
  return output.file;
}

test("MLX LM's magnitudes become PEFT's, and come back, to the bit", async () => {
  const peft = await converted(MLX, "peft");
  const stored = peft.tensors.get(`base_model.model.${LAYER}.lora_magnitude_vector`)!;
  expect([...(await readValues(stored))]).toEqual(MAGNITUDES);
  const config = JSON.parse(peft.sidecars.get("adapter_config.json")!) as object;
  expect(config).toMatchObject({ use_dora: true, r: 2, lora_alpha: 8 });
  const again = await converted(peft, "mlx");
  expect(JSON.parse(again.sidecars.get("adapter_config.json")!)).toMatchObject({
    fine_tune_type: "dora",
    lora_parameters: { rank: 2, scale: 4 },
  });
  for (const [name, tensor] of MLX.tensors) {
    const found = again.tensors.get(name)!;
    expect([name, found.shape]).toEqual([name, tensor.shape]);
    expect(await readValues(found)).toEqual(await readValues(tensor));
  }
});

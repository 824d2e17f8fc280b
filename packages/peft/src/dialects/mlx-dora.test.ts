import { identity } from "@lora/linalg";
import { tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { plainDelta } from "../plain-delta.ts";
import { readAdapter } from "../reading/read-adapter.ts";

const LAYER = "model.layers.0.self_attn.q_proj";

/** scale · lora_bᵀ · lora_aᵀ is 2·[1; 0]·[0 1] = [0 2; 0 0]; the magnitudes are 10 and 3. */
const FILE: TensorFile = tensorFile({
  name: "adapters.safetensors",
  tensors: [
    [`${LAYER}.lora_a`, tensorOfValues([0, 1], "f32", [2, 1])],
    [`${LAYER}.lora_b`, tensorOfValues([1, 0], "f32", [1, 2])],
    [`${LAYER}.m`, tensorOfValues([10, 3], "f32", [2])],
  ],
  sidecars: [
    ["adapter_config.json", '{"fine_tune_type": "dora", "lora_parameters": {"rank": 1, "scale": 2.0}}'],
  ],
});

test("MLX LM's DoRA, by hand: each output of W + ΔW is brought to its magnitude", async () => {
  const [module] = (await readAdapter(FILE)).modules;
  expect(module).toMatchObject({ kind: "lora-transposed", magnitude: { axis: "out", name: `${LAYER}.m` } });
  const base = { rows: 2, cols: 2, data: Float64Array.of(3, 2, 0, 1) };
  const delta = await plainDelta(module!, base);
  // Rows of W + ΔW are (3, 4), of norm 5, and (0, 1), of norm 1.
  expect([...delta.multiply(identity(2)).data]).toEqual([6 - 3, 8 - 2, 0, 3 - 1]);
});

test("an embedding has one magnitude for each token, which are its inputs", async () => {
  const name = "model.embed_tokens";
  const file = tensorFile({
    ...FILE,
    tensors: [
      [`${name}.lora_a`, tensorOfValues([1, 2, 3], "f32", [3, 1])],
      [`${name}.lora_b`, tensorOfValues([1, 1], "f32", [1, 2])],
      [`${name}.m`, tensorOfValues([1, 1, 1], "f32", [3])],
    ],
  });
  expect((await readAdapter(file)).modules[0]!.magnitude?.axis).toBe("in");
});

import { multiply, randomMatrix, scaled } from "@lora/linalg";
import { tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { failure } from "../files.test-helper.ts";
import { relativeDifference } from "../golden.test-helper.ts";
import { loadDelta } from "../load-delta.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { convertToLora } from "./convert-to-lora.ts";

const [up, down] = [scaled(randomMatrix(6, 3, 1), 0.5), randomMatrix(3, 36, 2)];

function folder(config: object = {}): TensorFile {
  const prefix = "base_model.model.";
  return tensorFile({
    name: "adapter",
    tensors: [
      [`${prefix}down.conv.lora_A.weight`, tensorOfValues(down.data, "f64", [3, 4, 3, 3])],
      [`${prefix}down.conv.lora_B.weight`, tensorOfValues(up.data, "f64", [6, 3, 1, 1])],
      [`${prefix}wte.lora_embedding_A`, tensorOfValues(randomMatrix(3, 9, 3).data, "f64", [3, 9])],
      [`${prefix}wte.lora_embedding_B`, tensorOfValues(randomMatrix(5, 3, 4).data, "f64", [5, 3])],
      [`${prefix}head.weight`, tensorOfValues([1, 2], "f16", [2])],
    ],
    sidecars: [
      ["adapter_config.json", JSON.stringify({ peft_type: "LORA", r: 3, lora_alpha: 12, ...config })],
    ],
  });
}

test("at full rank the updates stay as they are, with a scale of 1; what is no factor is carried over", async () => {
  const before = await readAdapter(folder());
  const after = await readAdapter(await convertToLora(before, { rank: 3 }));
  expect(
    after.modules.map(({ name, rank, scale, shape, layer }) => [name, rank, scale, shape, layer]),
  ).toEqual(before.modules.map(({ name, shape, layer }) => [name, 3, 1, shape, layer]));
  for (const [index, module] of after.modules.entries()) {
    const [now, then] = [await loadDelta(module), await loadDelta(before.modules[index]!)].map((delta) => {
      const factors = delta.factors();
      return multiply(factors.up, factors.down);
    });
    expect(relativeDifference(now!, then!)).toBeLessThan(1e-13);
  }
  expect(after.extras.map(({ name }) => name)).toEqual(["base_model.model.head.weight"]);
});

test("an energy gives each module a rank of its own, which the configuration says", async () => {
  const after = await readAdapter(await convertToLora(await readAdapter(folder()), { energy: 0.6 }));
  expect(after.modules.map(({ rank, alpha }) => rank === alpha && rank < 3)).toEqual([true, true]);
});

test.each([
  [{ use_dora: true }, "DoRA's magnitudes cannot be part of a plain LoRA"],
  [{ bias: "all" }, "trained biases (all) cannot be part of a plain LoRA"],
  [{ lora_bias: true }, "a bias of the adapter (lora_bias) cannot be part of a plain LoRA"],
])("what no factors hold is refused: %j", async (config, message) => {
  const adapter = await readAdapter(folder(config));
  const error = await failure(() => convertToLora(adapter, { rank: 2 }));
  expect([error.code, error.message]).toEqual(["UNSUPPORTED", message]);
});

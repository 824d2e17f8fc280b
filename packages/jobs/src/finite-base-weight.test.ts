import type { AdapterModule, PairedWeight } from "@lora/peft";
import { tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { finiteBaseWeight } from "./finite-base-weight.ts";

const module = { name: "layers_0_q", shape: [2, 2] } as unknown as AdapterModule;

function pairOf(values: readonly number[]): PairedWeight {
  const tensor = tensorOfValues(values, "f32", [2, 2]);
  return { name: "layers.0.q.weight", tensor, transposed: false };
}

test("a base weight comes as it is stored", async () => {
  const place = { module, pair: pairOf([1, 2, 3, 4]), file: "base.safetensors" };
  expect(await finiteBaseWeight(place)).toMatchObject({
    rows: 2,
    cols: 2,
    data: new Float32Array([1, 2, 3, 4]),
  });
});

test("a base weight that is not finite is an error with file, tensor and index", async () => {
  const place = { module, pair: pairOf([1, 2, Number.NaN, 4]), file: "base.safetensors" };
  await expect(finiteBaseWeight(place)).rejects.toMatchObject({
    code: "NUMERIC",
    message: "value 2 of the base weight is NaN",
    facts: { file: "base.safetensors", tensor: "layers.0.q.weight", module: "layers_0_q", index: 2 },
  });
});

import { tensorFile, tensorOfBytes, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { inspect } from "./inspect.ts";

test("a file that is no adapter is told by its format and what it stores", async () => {
  const tensors = [
    ["blk.0.attn_q.weight", tensorOfBytes(new Uint8Array(34), "q8_0", [1, 32])],
    ["output_norm.weight", tensorOfValues([1], "f32", [1])],
    ["output.weight", tensorOfBytes(new Uint8Array(34), "q8_0", [1, 32])],
    ["other", tensorOfBytes(new Uint8Array(18), "opaque", [32], "ggml:iq4_nl")],
  ] as const;
  const file = { ...tensorFile({ name: "base.gguf", tensors }), format: "gguf" };
  await expect(inspect(file)).rejects.toMatchObject({
    code: "UNSUPPORTED",
    facts: { format: "gguf", stored: "2 q8_0, 1 f32, 1 ggml:iq4_nl" },
  });
});

test("the header alone tells names, shapes and ranks, and reads no value", async () => {
  const whole = tensorFile({
    name: "a.safetensors",
    tensors: [
      ["lora_unet_b.lora_up.weight", tensorOfValues([1, 2, 3, 4], "f32", [2, 2])],
      ["lora_unet_b.lora_down.weight", tensorOfValues([1, 2, 3, 4], "f32", [2, 2])],
      ["lora_unet_b.alpha", tensorOfValues([1], "f32", [])],
    ],
  });
  const unreadable = async (): Promise<never> => Promise.reject(new Error("read"));
  const tensors = new Map(
    [...whole.tensors].map(([name, tensor]) => [name, { ...tensor, bytes: unreadable }]),
  );
  const { modules } = await inspect({ ...whole, tensors }, { headerOnly: true });
  expect(modules).toMatchObject([{ name: "lora_unet_b", rank: 2, alpha: null, shape: [2, 2] }]);
  expect((await inspect(whole)).modules).toMatchObject([{ rank: 2, alpha: 1, scale: 0.5 }]);
});

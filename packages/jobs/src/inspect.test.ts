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

import type { GgufContent, GgufValue } from "@lora/io";
import type { TensorFile } from "@lora/tensor";

const ALPHA = "adapter.lora.alpha";

/** A converted adapter as a GGUF file holds it: alpha is a number there, all other metadata are texts. */
export function ggufContent({ tensors, metadata }: TensorFile): GgufContent {
  const values = [...metadata].map(([key, text]): [string, GgufValue] => [
    key,
    key === ALPHA ? { type: "f32", value: Number(text) } : { type: "string", value: text },
  ]);
  return { tensors, metadata: new Map(values) };
}

import type { Matrix } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { ActivationBatch } from "./activation-source.ts";

/**
 * The inputs of a module in a batch, without the tokens that its mask leaves out.
 *
 * @throws LoraError MISSING when the batch has none of this module; SHAPE when the mask is not of its length
 */
export function countedTokens({ inputs, mask }: ActivationBatch, module: string): Matrix {
  const all = inputs.get(module);
  if (all === undefined) {
    throw new LoraError("MISSING", `a batch of activations has no inputs of ${module}`, {
      module,
      advice: "record the inputs of every module that is initialised",
    });
  }
  if (mask === undefined) return all;
  const { rows, cols, data } = all;
  if (mask.length !== rows) {
    throw new LoraError("SHAPE", `the mask has ${mask.length} tokens, the inputs of ${module} have ${rows}`, {
      module,
      mask: mask.length,
      tokens: rows,
    });
  }
  const kept = Array.from({ length: rows }, (_, token) => token).filter((token) => Boolean(mask[token]));
  const result =
    data instanceof Float64Array
      ? new Float64Array(kept.length * cols)
      : new Float32Array(kept.length * cols);
  kept.forEach((token, index) => result.set(data.subarray(token * cols, (token + 1) * cols), index * cols));
  return { rows: kept.length, cols, data: result };
}

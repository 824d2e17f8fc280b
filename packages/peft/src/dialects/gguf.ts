import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { Dialect, Scaling } from "./_dialect.ts";
import { alphaScaling } from "./_alpha-scaling.ts";
import { endingDialect } from "./_ending-dialect.ts";

const ALPHA = "adapter.lora.alpha";
const WEIGHT = ".weight";

/**
 * Adapters of llama.cpp: the names of GGUF weights, `blk.7.attn_q.weight.lora_a` (r × in) and `.lora_b` (out × r). One
 * alpha for the whole file, divided by the rank of each pair; 1 where it is 0 or not there.
 */
export const gguf: Dialect = {
  ...endingDialect({
    id: "gguf",
    title: "GGUF (llama.cpp)",
    source: "https://github.com/ggml-org/llama.cpp src/llama-adapter.cpp",
    distinct: true,
    spellings: [{ id: "pair", endings: { down: ".lora_a", up: ".lora_b" } }],
    prefixes: [],
    weight: 1,
    reads: (module) => module.endsWith(WEIGHT) && module.length > WEIGHT.length,
    elsewhere: (module) => ({ component: "model", path: module.slice(0, -WEIGHT.length) }),
  }),
  scaling: (file) => sharedAlpha(file),
};

function sharedAlpha(file: TensorFile): Scaling {
  const alpha = Number(file.metadata.get(ALPHA) ?? 0);
  if (alpha === 0) return alphaScaling;
  if (!(alpha > 0) || alpha === Number.POSITIVE_INFINITY) {
    throw new LoraError(
      "NUMERIC",
      `${ALPHA} must be a number of at least 0, and is ${file.metadata.get(ALPHA)}`,
      {
        file: file.name,
        key: ALPHA,
      },
    );
  }
  const scaleAt = (rank: number): ReturnType<Scaling["at"]> => ({
    alpha,
    scale: alpha / rank,
    source: "config",
  });
  return { ...alphaScaling, of: ({ rank }) => scaleAt(rank), at: (_, rank) => scaleAt(rank) };
}

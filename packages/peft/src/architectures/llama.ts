import type { Architecture } from "./_architecture.ts";
import { somePath } from "./_clues.ts";

/** Llama, Mistral, Qwen, Gemma and the many models that name their layers as Llama does. */
export const llama: Architecture = {
  id: "llama",
  title: "Llama and models with its layer names",
  source: "huggingface/transformers models/llama/modeling_llama.py",
  score: (clues) =>
    somePath(clues, ["model"], /(?:^|_)layers_\d+_(?:self_attn_[qkvo]_proj|mlp_(?:gate|up|down)_proj)$/)
      ? 0.9
      : 0,
};

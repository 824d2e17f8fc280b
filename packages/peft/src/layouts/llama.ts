import type { LayerNames, Layout } from "./_layout.ts";

const LAYERS: readonly (readonly [library: string, gguf: string])[] = [
  ["self_attn.q_proj", "attn_q"],
  ["self_attn.k_proj", "attn_k"],
  ["self_attn.v_proj", "attn_v"],
  ["self_attn.o_proj", "attn_output"],
  ["self_attn.qkv_proj", "attn_qkv"],
  ["mlp.gate_proj", "ffn_gate"],
  ["mlp.up_proj", "ffn_up"],
  ["mlp.down_proj", "ffn_down"],
];

/** Llama and the models with its layer names (Mistral, Qwen, Gemma, Phi …). */
export const llama: Layout = {
  id: "llama",
  source:
    "huggingface/transformers models/llama/modeling_llama.py; ggml-org/llama.cpp gguf-py tensor_mapping.py",
  architectures: ["llama"],
  components: ["model"],
  layers: [
    ...LAYERS.map(([library, gguf]) => layer(`model.layers.#.${library}`, `blk.#.${gguf}`)),
    layer("lm_head", "output"),
  ],
};

function layer(library: string, gguf: string): LayerNames {
  return { library: [library], names: { original: library, gguf } };
}

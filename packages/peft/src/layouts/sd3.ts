import type { LayerNames, Layout } from "./_layout.ts";
import { fused, layer } from "./_named.ts";

const JOINT = "joint_blocks.#.";
const BLOCK = "transformer_blocks.#.";

const STREAMS = [
  { original: "x_block", attention: ["to_q", "to_k", "to_v"], out: "to_out.0", ff: "ff", norm: "norm1" },
  {
    original: "context_block",
    attention: ["add_q_proj", "add_k_proj", "add_v_proj"],
    out: "to_add_out",
    ff: "ff_context",
    norm: "norm1_context",
  },
] as const;

/** Stable Diffusion 3 and 3.5, the second attention of 3.5 medium included. */
export const sd3: Layout = {
  id: "sd3",
  source: "Stability-AI/sd3.5 mmditx.py; diffusers scripts/convert_sd3_to_diffusers.py",
  architectures: ["sd3"],
  components: ["transformer"],
  layers: [
    ...STREAMS.flatMap(({ original, attention, out, ff, norm }): LayerNames[] => [
      fused(
        `${JOINT}${original}.attn.qkv`,
        attention.map((part) => `${BLOCK}attn.${part}`),
      ),
      layer(`${JOINT}${original}.attn.proj`, `${BLOCK}attn.${out}`),
      layer(`${JOINT}${original}.mlp.fc1`, `${BLOCK}${ff}.net.0.proj`),
      layer(`${JOINT}${original}.mlp.fc2`, `${BLOCK}${ff}.net.2`),
      layer(`${JOINT}${original}.adaLN_modulation.1`, `${BLOCK}${norm}.linear`),
    ]),
    fused(
      `${JOINT}x_block.attn2.qkv`,
      ["to_q", "to_k", "to_v"].map((part) => `${BLOCK}attn2.${part}`),
    ),
    layer(`${JOINT}x_block.attn2.proj`, `${BLOCK}attn2.to_out.0`),
    layer("context_embedder", "context_embedder"),
    layer("t_embedder.mlp.0", "time_text_embed.timestep_embedder.linear_1"),
    layer("t_embedder.mlp.2", "time_text_embed.timestep_embedder.linear_2"),
    layer("y_embedder.mlp.0", "time_text_embed.text_embedder.linear_1"),
    layer("y_embedder.mlp.2", "time_text_embed.text_embedder.linear_2"),
    layer("final_layer.linear", "proj_out"),
    { ...layer("final_layer.adaLN_modulation.1", "norm_out.linear"), halvesSwapped: true },
  ],
};

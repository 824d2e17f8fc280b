import { sameNames } from "./_same-names.ts";
import type { Layout } from "./_layout.ts";

const ATTENTION = [
  "to_q",
  "to_k",
  "to_v",
  "to_out.0",
  "add_q_proj",
  "add_k_proj",
  "add_v_proj",
  "to_add_out",
];

/** Qwen-Image, whose authors' code is diffusers'. */
export const qwenImage: Layout = {
  id: "qwen-image",
  source: "diffusers transformer_qwenimage.py",
  architectures: ["qwen-image"],
  components: ["transformer"],
  layers: sameNames([
    ...ATTENTION.map((layer) => `transformer_blocks.#.attn.${layer}`),
    ...["img", "txt"].flatMap((stream) => [
      `transformer_blocks.#.${stream}_mlp.net.0.proj`,
      `transformer_blocks.#.${stream}_mlp.net.2`,
      `transformer_blocks.#.${stream}_mod.1`,
    ]),
    "img_in",
    "txt_in",
    "proj_out",
    "norm_out.linear",
    "time_text_embed.timestep_embedder.linear_1",
    "time_text_embed.timestep_embedder.linear_2",
  ]),
};

import type { Layout } from "./_layout.ts";
import { layer } from "./_named.ts";

const PARTS: readonly (readonly [original: string, library: string])[] = [
  ["q", "to_q"],
  ["k", "to_k"],
  ["v", "to_v"],
  ["o", "to_out.0"],
];

/** Wan 2.1 and 2.2. */
export const wan: Layout = {
  id: "wan",
  source: "Wan-Video/Wan2.1 wan/modules/model.py; diffusers scripts/convert_wan_to_diffusers.py",
  architectures: ["wan"],
  components: ["transformer"],
  layers: [
    ...PARTS.map(([original, library]) =>
      layer(`blocks.#.self_attn.${original}`, `blocks.#.attn1.${library}`),
    ),
    ...PARTS.map(([original, library]) =>
      layer(`blocks.#.cross_attn.${original}`, `blocks.#.attn2.${library}`),
    ),
    layer("blocks.#.cross_attn.k_img", "blocks.#.attn2.add_k_proj"),
    layer("blocks.#.cross_attn.v_img", "blocks.#.attn2.add_v_proj"),
    layer("blocks.#.ffn.0", "blocks.#.ffn.net.0.proj"),
    layer("blocks.#.ffn.2", "blocks.#.ffn.net.2"),
    layer("patch_embedding", "patch_embedding"),
    layer("text_embedding.0", "condition_embedder.text_embedder.linear_1"),
    layer("text_embedding.2", "condition_embedder.text_embedder.linear_2"),
    layer("time_embedding.0", "condition_embedder.time_embedder.linear_1"),
    layer("time_embedding.2", "condition_embedder.time_embedder.linear_2"),
    layer("time_projection.1", "condition_embedder.time_proj"),
    layer("img_emb.proj.1", "condition_embedder.image_embedder.ff.net.0.proj"),
    layer("img_emb.proj.3", "condition_embedder.image_embedder.ff.net.2"),
    layer("head.head", "proj_out"),
  ],
};

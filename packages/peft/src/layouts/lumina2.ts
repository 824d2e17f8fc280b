import type { LayerNames, Layout } from "./_layout.ts";
import { layer, layers } from "./_named.ts";

const BLOCKS = ["layers.#.", "noise_refiner.#.", "context_refiner.#."];

/** 24 heads of queries share 8 of keys and values. */
const SHARES = [1, 1 / 3, 1 / 3];

/** Lumina Image 2.0: fused attention with grouped keys and values. */
export const lumina2: Layout = {
  id: "lumina2",
  source:
    "Alpha-VLLM/Lumina-Image-2.0 models/model.py; diffusers single_file_utils.py convert_lumina2_to_diffusers, lora_conversion_utils.py",
  architectures: ["lumina2"],
  components: ["transformer"],
  layers: [
    ...BLOCKS.flatMap((block): LayerNames[] => [
      {
        library: ["to_q", "to_k", "to_v"].map((part) => `${block}attn.${part}`),
        names: { original: `${block}attention.qkv` },
        shares: SHARES,
      },
      layer(`${block}attention.out`, `${block}attn.to_out.0`),
      ...[1, 2, 3].map((n) => layer(`${block}feed_forward.w${n}`, `${block}feed_forward.linear_${n}`)),
      layer(`${block}adaLN_modulation.1`, `${block}norm1.linear`),
    ]),
    ...layers([
      ["x_embedder", "x_embedder"],
      ["t_embedder.mlp.0", "time_caption_embed.timestep_embedder.linear_1"],
      ["t_embedder.mlp.2", "time_caption_embed.timestep_embedder.linear_2"],
      ["cap_embedder.1", "time_caption_embed.caption_embedder.1"],
      ["final_layer.adaLN_modulation.1", "norm_out.linear_1"],
      ["final_layer.linear", "norm_out.linear_2"],
    ]),
  ],
};

import type { LayerNames, Layout } from "./_layout.ts";
import { fused } from "./_named.ts";
import { sameNames } from "./_same-names.ts";

const BLOCKS = ["layers.#.", "noise_refiner.#.", "context_refiner.#."];

/** What ComfyUI's checkpoint calls otherwise, beside the attention. */
const REPACKED: readonly (readonly [comfyui: string, library: string])[] = [
  ["x_embedder", "all_x_embedder.2-1"],
  ["final_layer.linear", "all_final_layer.2-1.linear"],
  ["final_layer.adaLN_modulation.1", "all_final_layer.2-1.adaLN_modulation.1"],
];

/** Z-Image: one stream of blocks after two refiners. The authors' code has diffusers' names; ComfyUI's checkpoint fuses. */
export const zImage: Layout = {
  id: "z-image",
  source:
    "diffusers transformer_z_image.py, single_file_utils.py convert_z_image_transformer_checkpoint_to_diffusers; ComfyUI comfy/utils.py z_image_to_diffusers",
  architectures: ["z-image"],
  components: ["transformer"],
  layers: [
    ...BLOCKS.flatMap((block) => [
      ...sameNames([
        ...["to_q", "to_k", "to_v"].map((part) => `${block}attention.${part}`),
        ...["feed_forward.w1", "feed_forward.w2", "feed_forward.w3", "adaLN_modulation.0"].map(
          (layer) => `${block}${layer}`,
        ),
      ]),
      fused(
        `${block}attention.qkv`,
        ["to_q", "to_k", "to_v"].map((part) => `${block}attention.${part}`),
        "comfyui",
      ),
      repacked(`${block}attention.out`, `${block}attention.to_out.0`),
    ]),
    ...REPACKED.map(([comfyui, library]) => repacked(comfyui, library)),
    ...sameNames(["t_embedder.mlp.0", "t_embedder.mlp.2", "cap_embedder.1"]),
  ],
};

function repacked(comfyui: string, library: string): LayerNames {
  return { library: [library], names: { original: library, comfyui } };
}

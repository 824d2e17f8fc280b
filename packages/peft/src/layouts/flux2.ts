import type { Layout } from "./_layout.ts";
import { fused, layer, layers } from "./_named.ts";

const DOUBLE = "double_blocks.#.";
const LIBRARY = "transformer_blocks.#.";
const SINGLE = "single_transformer_blocks.#.";

/** FLUX.2: one modulation for all blocks, and attention that stays fused in the single blocks of diffusers, too. */
export const flux2: Layout = {
  id: "flux2",
  source:
    "black-forest-labs/flux2 model.py; diffusers scripts/convert_flux2_to_diffusers.py, lora_conversion_utils.py",
  architectures: ["flux2"],
  components: ["transformer"],
  layers: [
    fused(
      `${DOUBLE}img_attn.qkv`,
      ["to_q", "to_k", "to_v"].map((part) => `${LIBRARY}attn.${part}`),
    ),
    fused(
      `${DOUBLE}txt_attn.qkv`,
      ["add_q_proj", "add_k_proj", "add_v_proj"].map((part) => `${LIBRARY}attn.${part}`),
    ),
    ...layers([
      [`${DOUBLE}img_attn.proj`, `${LIBRARY}attn.to_out.0`],
      [`${DOUBLE}txt_attn.proj`, `${LIBRARY}attn.to_add_out`],
      [`${DOUBLE}img_mlp.0`, `${LIBRARY}ff.linear_in`],
      [`${DOUBLE}img_mlp.2`, `${LIBRARY}ff.linear_out`],
      [`${DOUBLE}txt_mlp.0`, `${LIBRARY}ff_context.linear_in`],
      [`${DOUBLE}txt_mlp.2`, `${LIBRARY}ff_context.linear_out`],
      ["single_blocks.#.linear1", `${SINGLE}attn.to_qkv_mlp_proj`],
      ["single_blocks.#.linear2", `${SINGLE}attn.to_out`],
      ["double_stream_modulation_img.lin", "double_stream_modulation_img.linear"],
      ["double_stream_modulation_txt.lin", "double_stream_modulation_txt.linear"],
      ["single_stream_modulation.lin", "single_stream_modulation.linear"],
      ["img_in", "x_embedder"],
      ["txt_in", "context_embedder"],
      ...["time", "guidance"].flatMap((what): [string, string][] => {
        const embedder = `time_guidance_embed.${what === "time" ? "timestep" : what}_embedder`;
        return [
          [`${what}_in.in_layer`, `${embedder}.linear_1`],
          [`${what}_in.out_layer`, `${embedder}.linear_2`],
        ];
      }),
      ["final_layer.linear", "proj_out"],
    ]),
    // Shift before scale in the one, scale before shift in the other.
    { ...layer("final_layer.adaLN_modulation.1", "norm_out.linear"), halvesSwapped: true },
  ],
};

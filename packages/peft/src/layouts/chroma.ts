import type { Layout } from "./_layout.ts";
import { layers } from "./_named.ts";

const GUIDANCE = "distilled_guidance_layer.";

/** What Chroma has in place of FLUX.1's modulation; all else of it is FLUX.1's. */
export const chroma: Layout = {
  id: "chroma",
  source:
    "lodestone-rock/flow; diffusers single_file_utils.py convert_chroma_transformer_checkpoint_to_diffusers",
  architectures: ["chroma"],
  components: ["transformer"],
  layers: layers([
    [`${GUIDANCE}in_proj`, `${GUIDANCE}in_proj`],
    [`${GUIDANCE}out_proj`, `${GUIDANCE}out_proj`],
    [`${GUIDANCE}layers.#.in_layer`, `${GUIDANCE}layers.#.linear_1`],
    [`${GUIDANCE}layers.#.out_layer`, `${GUIDANCE}layers.#.linear_2`],
  ]),
};

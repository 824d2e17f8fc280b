import type { Layout } from "./_layout.ts";
import { layers } from "./_named.ts";

/** Blocks of the stream, and of the fusion of text layers before it. */
const BLOCKS: readonly (readonly [original: string, library: string])[] = [
  ["blocks.#.", "transformer_blocks.#."],
  ["txtfusion.layerwise_blocks.#.", "text_fusion.layerwise_blocks.#."],
  ["txtfusion.refiner_blocks.#.", "text_fusion.refiner_blocks.#."],
];

const PARTS: readonly (readonly [original: string, library: string])[] = [
  ["attn.wq", "attn.to_q"],
  ["attn.wk", "attn.to_k"],
  ["attn.wv", "attn.to_v"],
  ["attn.wo", "attn.to_out.0"],
  ["attn.gate", "attn.to_gate"],
  ["mlp.gate", "ff.gate"],
  ["mlp.up", "ff.up"],
  ["mlp.down", "ff.down"],
];

/** Krea 2: one stream with gated attention. */
export const krea2: Layout = {
  id: "krea2",
  source:
    "krea-ai/krea-2; diffusers lora_conversion_utils.py _convert_non_diffusers_krea2_lora_to_diffusers; ostris/ai-toolkit krea2/src/mmdit.py",
  architectures: ["krea2"],
  components: ["transformer"],
  layers: layers([
    ...BLOCKS.flatMap(([original, library]) =>
      PARTS.map(([from, to]): [string, string] => [original + from, library + to]),
    ),
    ["first", "img_in"],
    ["last.linear", "final_layer.linear"],
    ["tmlp.0", "time_embed.linear_1"],
    ["tmlp.2", "time_embed.linear_2"],
    ["tproj.1", "time_mod_proj"],
    ["txtmlp.1", "txt_in.linear_1"],
    ["txtmlp.3", "txt_in.linear_2"],
    ["txtfusion.projector", "text_fusion.projector"],
  ]),
};

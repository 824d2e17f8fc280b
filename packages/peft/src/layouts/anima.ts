import type { Layout } from "./_layout.ts";
import { layers } from "./_named.ts";
import { sameNames } from "./_same-names.ts";

const BLOCK = "blocks.#.";
const LIBRARY = "transformer_blocks.#.";

/** Self attention, cross attention and the layers after them: each has two layers of modulation. */
const PARTS: readonly (readonly [original: string, library: string])[] = [
  ...["self_attn", "cross_attn"].flatMap((attention, index): [string, string][] => [
    ...["q", "k", "v"].map((part): [string, string] => [
      `${attention}.${part}_proj`,
      `attn${index + 1}.to_${part}`,
    ]),
    [`${attention}.output_proj`, `attn${index + 1}.to_out.0`],
  ]),
  ...["self_attn", "cross_attn", "mlp"].flatMap((part, index): [string, string][] => [
    [`adaln_modulation_${part}.1`, `norm${index + 1}.linear_1`],
    [`adaln_modulation_${part}.2`, `norm${index + 1}.linear_2`],
  ]),
  ["mlp.layer1", "ff.net.0.proj"],
  ["mlp.layer2", "ff.net.2"],
];

/** The adapter between language model and transformer, which diffusers keeps as a component of its own. */
const LLM_ADAPTER: readonly string[] = [
  "llm_adapter.embed",
  "llm_adapter.in_proj",
  "llm_adapter.out_proj",
  ...["self_attn", "cross_attn"].flatMap((attention) =>
    ["q", "k", "v", "o"].map((part) => `llm_adapter.blocks.#.${attention}.${part}_proj`),
  ),
  "llm_adapter.blocks.#.mlp.0",
  "llm_adapter.blocks.#.mlp.2",
];

/** Anima: the transformer of Cosmos-Predict2, and an adapter for its language model. */
export const anima: Layout = {
  id: "anima",
  source:
    "kohya-ss/sd-scripts library/anima_models.py; diffusers lora_conversion_utils.py _convert_non_diffusers_anima_lora_to_diffusers",
  architectures: ["anima"],
  components: ["transformer"],
  layers: [
    ...layers([
      ...PARTS.map(([original, library]): [string, string] => [BLOCK + original, LIBRARY + library]),
      ["final_layer.adaln_modulation.1", "norm_out.linear_1"],
      ["final_layer.adaln_modulation.2", "norm_out.linear_2"],
      ["final_layer.linear", "proj_out"],
      ["t_embedder.1.linear_1", "time_embed.t_embedder.linear_1"],
      ["t_embedder.1.linear_2", "time_embed.t_embedder.linear_2"],
      ["x_embedder.proj.1", "patch_embed.proj"],
    ]),
    ...sameNames(LLM_ADAPTER),
  ],
};

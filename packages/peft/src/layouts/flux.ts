import type { LayerNames, Layout } from "./_layout.ts";

const DOUBLE = "transformer_blocks.#.";
const SINGLE = "single_transformer_blocks.#.";

const ATTENTION_OUT: readonly LayerNames[] = [
  layer("double_blocks.#.img_attn.proj", `${DOUBLE}attn.to_out.0`, { processor: true }),
  layer("double_blocks.#.txt_attn.proj", `${DOUBLE}attn.to_add_out`, { processor: true }),
  layer("single_blocks.#.linear2", `${SINGLE}proj_out`, { processor: true }),
];

const FUSED: readonly LayerNames[] = [
  {
    library: ["to_q", "to_k", "to_v"].map((part) => `${DOUBLE}attn.${part}`),
    names: { original: "double_blocks.#.img_attn.qkv", processor: "double_blocks.#.img_attn.qkv" },
    shares: [1, 1, 1],
  },
  {
    library: ["add_q_proj", "add_k_proj", "add_v_proj"].map((part) => `${DOUBLE}attn.${part}`),
    names: { original: "double_blocks.#.txt_attn.qkv", processor: "double_blocks.#.txt_attn.qkv" },
    shares: [1, 1, 1],
  },
  {
    library: ["attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"].map((part) => `${SINGLE}${part}`),
    names: { original: "single_blocks.#.linear1" },
    shares: [1, 1, 1, 4],
  },
  {
    library: ["attn.to_q", "attn.to_k", "attn.to_v"].map((part) => `${SINGLE}${part}`),
    // Without the rows that are no attention.
    names: { processor: "single_blocks.#.linear1.qkv" },
    shares: [1, 1, 1],
  },
];

const EMBEDDERS: readonly (readonly [string, string])[] = [
  ["time_in", "timestep_embedder"],
  ["vector_in", "text_embedder"],
  ["guidance_in", "guidance_embedder"],
];

/** FLUX.1: two streams with fused attention, then one stream with everything fused. */
export const flux: Layout = {
  id: "flux",
  source: "black-forest-labs/flux model.py; diffusers scripts/convert_flux_to_diffusers.py",
  architectures: ["flux", "chroma"],
  components: ["transformer"],
  layers: [
    ...FUSED,
    ...ATTENTION_OUT,
    layer("double_blocks.#.img_mlp.0", `${DOUBLE}ff.net.0.proj`),
    layer("double_blocks.#.img_mlp.2", `${DOUBLE}ff.net.2`),
    layer("double_blocks.#.txt_mlp.0", `${DOUBLE}ff_context.net.0.proj`),
    layer("double_blocks.#.txt_mlp.2", `${DOUBLE}ff_context.net.2`),
    layer("double_blocks.#.img_mod.lin", `${DOUBLE}norm1.linear`),
    layer("double_blocks.#.txt_mod.lin", `${DOUBLE}norm1_context.linear`),
    layer("single_blocks.#.modulation.lin", `${SINGLE}norm.linear`),
    layer("img_in", "x_embedder"),
    layer("txt_in", "context_embedder"),
    ...EMBEDDERS.flatMap(([original, library]) => [
      layer(`${original}.in_layer`, `time_text_embed.${library}.linear_1`),
      layer(`${original}.out_layer`, `time_text_embed.${library}.linear_2`),
    ]),
    layer("final_layer.linear", "proj_out"),
    // Shift before scale in the one, scale before shift in the other.
    { ...layer("final_layer.adaLN_modulation.1", "norm_out.linear"), halvesSwapped: true },
  ],
};

function layer(original: string, library: string, { processor = false } = {}): LayerNames {
  return { library: [library], names: processor ? { original, processor: original } : { original } };
}

import type { LayerNames, PathTemplate } from "./_layout.ts";

/** The two streams of a double block, as the authors and diffusers tell them apart. */
const STREAMS = [
  { original: "img", attention: ["to_q", "to_k", "to_v"], out: "to_out.0", ff: "ff", norm: "norm1" },
  {
    original: "txt",
    attention: ["add_q_proj", "add_k_proj", "add_v_proj"],
    out: "to_add_out",
    ff: "ff_context",
    norm: "norm1_context",
  },
] as const;

const REFINER = "txt_in.individual_token_refiner.blocks.#.";
const LIBRARY_REFINER = "context_embedder.token_refiner.refiner_blocks.#.";

/**
 * What ComfyUI calls a layer of Tencent's code.
 *
 * @see ComfyUI comfy/supported_models.py HunyuanVideo.process_unet_state_dict
 */
export function comfyuiName(original: PathTemplate): PathTemplate {
  return original
    .replace(/(_attn)_(qkv|proj)$/, "$1.$2")
    .replace(/mlp\.fc1$/, "mlp.0")
    .replace(/mlp\.fc2$/, "mlp.2")
    .replace(/(_mod|\.modulation)\.linear$/, "$1.lin")
    .replace(/(_in|t_embedder)\.mlp\.0$/, "$1.in_layer")
    .replace(/(_in|t_embedder)\.mlp\.2$/, "$1.out_layer")
    .replace(/c_embedder\.linear_1$/, "c_embedder.in_layer")
    .replace(/c_embedder\.linear_2$/, "c_embedder.out_layer");
}

/** A layer in the names of Tencent, ComfyUI and diffusers. */
export function tencentLayer(original: PathTemplate, library: PathTemplate): LayerNames {
  return { library: [library], names: { original, comfyui: comfyuiName(original) } };
}

/** Layers of diffusers that Tencent has as one. */
export function tencentFused(
  original: PathTemplate,
  library: readonly PathTemplate[],
  shares: readonly number[],
): LayerNames {
  return { library, names: { original, comfyui: comfyuiName(original) }, shares };
}

/** A double block without what makes its queries, keys and values. */
export function doubleBlock(): LayerNames[] {
  return STREAMS.flatMap(({ original, out, ff, norm }) => [
    tencentLayer(`double_blocks.#.${original}_attn_proj`, `transformer_blocks.#.attn.${out}`),
    tencentLayer(`double_blocks.#.${original}_mlp.fc1`, `transformer_blocks.#.${ff}.net.0.proj`),
    tencentLayer(`double_blocks.#.${original}_mlp.fc2`, `transformer_blocks.#.${ff}.net.2`),
    tencentLayer(`double_blocks.#.${original}_mod.linear`, `transformer_blocks.#.${norm}.linear`),
  ]);
}

/** The attention of a double block: what is fused, and what is in it. */
export function doubleAttention(): { readonly stream: string; readonly library: readonly string[] }[] {
  return STREAMS.map(({ original, attention }) => ({
    stream: `double_blocks.#.${original}_attn`,
    library: attention.map((part) => `transformer_blocks.#.attn.${part}`),
  }));
}

/** Single blocks: everything in one layer, then one layer out. */
export function singleBlock(): LayerNames[] {
  const parts = ["attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"];
  return [
    tencentFused(
      "single_blocks.#.linear1",
      parts.map((part) => `single_transformer_blocks.#.${part}`),
      [1, 1, 1, 4],
    ),
    tencentLayer("single_blocks.#.linear2", "single_transformer_blocks.#.proj_out"),
    tencentLayer("single_blocks.#.modulation.linear", "single_transformer_blocks.#.norm.linear"),
  ];
}

/** Text before the blocks, the image, and what comes after them. */
export function outsideBlocks(): LayerNames[] {
  const refined = ["to_q", "to_k", "to_v"].map((part) => `${LIBRARY_REFINER}attn.${part}`);
  return [
    tencentFused(`${REFINER}self_attn_qkv`, refined, [1, 1, 1]),
    tencentLayer(`${REFINER}self_attn_proj`, `${LIBRARY_REFINER}attn.to_out.0`),
    tencentLayer(`${REFINER}mlp.fc1`, `${LIBRARY_REFINER}ff.net.0.proj`),
    tencentLayer(`${REFINER}mlp.fc2`, `${LIBRARY_REFINER}ff.net.2`),
    tencentLayer(`${REFINER}adaLN_modulation.1`, `${LIBRARY_REFINER}norm_out.linear`),
    tencentLayer("txt_in.input_embedder", "context_embedder.proj_in"),
    ...embedder("txt_in.t_embedder", "context_embedder.time_text_embed.timestep_embedder"),
    tencentLayer("txt_in.c_embedder.linear_1", "context_embedder.time_text_embed.text_embedder.linear_1"),
    tencentLayer("txt_in.c_embedder.linear_2", "context_embedder.time_text_embed.text_embedder.linear_2"),
    tencentLayer("img_in.proj", "x_embedder.proj"),
    tencentLayer("final_layer.linear", "proj_out"),
    // Shift before scale in the one, scale before shift in the other.
    { ...tencentLayer("final_layer.adaLN_modulation.1", "norm_out.linear"), halvesSwapped: true },
  ];
}

/** The two layers behind an embedded number. */
export function embedder(original: PathTemplate, library: PathTemplate): LayerNames[] {
  return [
    tencentLayer(`${original}.mlp.0`, `${library}.linear_1`),
    tencentLayer(`${original}.mlp.2`, `${library}.linear_2`),
  ];
}

/** The letters of a text, which HunyuanImage and HunyuanVideo 1.5 read besides. */
export function byt5Layers(): LayerNames[] {
  return [1, 2, 3].map((n) => tencentLayer(`byt5_in.fc${n}`, `context_embedder_2.linear_${n}`));
}

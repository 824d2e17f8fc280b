import type { LayerNames, Layout } from "./_layout.ts";
import { fused } from "./_named.ts";
import { sameNames } from "./_same-names.ts";

const LAYER = "text_model.encoder.layers.#.";
const RESBLOCK = "transformer.resblocks.#.";
const ATTENTION = ["q_proj", "k_proj", "v_proj"].map((part) => `${LAYER}self_attn.${part}`);

/** Layers that OpenCLIP calls otherwise. */
const OPEN_CLIP: readonly (readonly [openclip: string, library: string])[] = [
  ["attn.out_proj", "self_attn.out_proj"],
  ["mlp.c_fc", "mlp.fc1"],
  ["mlp.c_proj", "mlp.fc2"],
];

/** Text encoders of CLIP, in the names of transformers, which nearly all adapters use. */
export const clip: Layout = {
  id: "clip",
  source:
    "huggingface/transformers models/clip/modeling_clip.py; mlfoundations/open_clip src/open_clip/transformer.py",
  components: ["te1", "te2"],
  layers: [
    ...sameNames([
      ...ATTENTION,
      "text_model.embeddings.token_embedding",
      "text_model.embeddings.position_embedding",
      "text_projection",
    ]),
    ...OPEN_CLIP.map(([openclip, library]): LayerNames => {
      const path = LAYER + library;
      return { library: [path], names: { original: path, openclip: RESBLOCK + openclip } };
    }),
    // torch's MultiheadAttention holds queries, keys and values on top of each other.
    fused(`${RESBLOCK}attn.in_proj`, ATTENTION, "openclip"),
  ],
};

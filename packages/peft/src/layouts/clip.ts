import { sameNames } from "./_same-names.ts";
import type { Layout } from "./_layout.ts";

/** Text encoders of CLIP, in the names of transformers, which all adapters use. */
export const clip: Layout = {
  id: "clip",
  source: "huggingface/transformers models/clip/modeling_clip.py",
  components: ["te1", "te2"],
  layers: sameNames([
    ...["q_proj", "k_proj", "v_proj", "out_proj"].map(
      (layer) => `text_model.encoder.layers.#.self_attn.${layer}`,
    ),
    ...["fc1", "fc2"].map((layer) => `text_model.encoder.layers.#.mlp.${layer}`),
    "text_model.embeddings.token_embedding",
    "text_model.embeddings.position_embedding",
    "text_projection",
  ]),
};

import { sameNames } from "./_same-names.ts";
import type { Layout } from "./_layout.ts";

/** The T5 encoder of FLUX.1 and Stable Diffusion 3, in the names of transformers. */
export const t5: Layout = {
  id: "t5",
  source: "huggingface/transformers models/t5/modeling_t5.py",
  components: ["te3"],
  layers: sameNames([
    ...["q", "k", "v", "o"].map((layer) => `encoder.block.#.layer.0.SelfAttention.${layer}`),
    ...["wi", "wi_0", "wi_1", "wo"].map((layer) => `encoder.block.#.layer.1.DenseReluDense.${layer}`),
    "shared",
  ]),
};

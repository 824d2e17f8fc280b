import { sameNames } from "./_same-names.ts";
import type { Layout } from "./_layout.ts";

const BLOCK = "layers.#.";

/** Language models that image models read text with: Gemma 2 of Lumina 2, Qwen 3 of Anima, in the names of transformers. */
export const languageEncoder: Layout = {
  id: "language-encoder",
  source: "kohya-ss/sd-scripts networks/lora_lumina.py, networks/convert_anima_lora_to_comfy.py",
  architectures: ["lumina2", "anima"],
  components: ["te1"],
  layers: sameNames([
    ...["q", "k", "v", "o"].map((part) => `${BLOCK}self_attn.${part}_proj`),
    ...["gate", "up", "down"].map((part) => `${BLOCK}mlp.${part}_proj`),
    "embed_tokens",
  ]),
};

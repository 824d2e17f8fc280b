import type { Spelling } from "./_spelling.ts";

/**
 * The kinds of LyCORIS beside LoRA, whose parts are called the same in every dialect that has them.
 *
 * @see KohakuBlueleaf/LyCORIS lycoris/modules; ComfyUI comfy/weight_adapter
 */
export const LYCORIS_KINDS: Spelling = {
  id: "lycoris",
  endings: {
    hada_w1_a: ".hada_w1_a",
    hada_w1_b: ".hada_w1_b",
    hada_w2_a: ".hada_w2_a",
    hada_w2_b: ".hada_w2_b",
    hada_t1: ".hada_t1",
    hada_t2: ".hada_t2",
    lokr_w1: ".lokr_w1",
    lokr_w1_a: ".lokr_w1_a",
    lokr_w1_b: ".lokr_w1_b",
    lokr_w2: ".lokr_w2",
    lokr_w2_a: ".lokr_w2_a",
    lokr_w2_b: ".lokr_w2_b",
    lokr_t2: ".lokr_t2",
    diff: ".diff",
    oft_blocks: ".oft_blocks",
    rescale: ".rescale",
  },
};

/** GLoRA, whose parts could be layers of a model: for dialects whose module names are told by a prefix. */
export const LYCORIS_GLORA: Spelling = {
  id: "lycoris-glora",
  endings: {
    glora_a1: ".a1.weight",
    glora_a2: ".a2.weight",
    glora_b1: ".b1.weight",
    glora_b2: ".b2.weight",
  },
};

/** (IA)³ of LyCORIS, whose names are unmistakable only where module names are. */
export const LYCORIS_IA3: Spelling = {
  id: "lycoris-ia3",
  endings: { ia3_weight: ".weight", on_input: ".on_input" },
};

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
  },
};

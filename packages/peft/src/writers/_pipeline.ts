import type { Prefixes } from "./_writer.ts";

/** As diffusers' pipelines call their components. */
export const PIPELINE: Prefixes = {
  unet: "unet.",
  transformer: "transformer.",
  te1: "text_encoder.",
  te2: "text_encoder_2.",
  te3: "text_encoder_3.",
};

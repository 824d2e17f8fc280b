import type { Layout } from "./_layout.ts";
import { unetLayers } from "./_unet.ts";

export const stableDiffusionXl: Layout = {
  id: "stable-diffusion-xl",
  source: "Stability-AI/generative-models openaimodel.py; diffusers unet_2d_condition.py",
  architectures: ["sdxl"],
  components: ["unet"],
  layers: unetLayers({ levels: 3, attentionUp: [0, 1] }),
};

import type { Layout } from "./_layout.ts";
import { unetLayers } from "./_unet.ts";

export const stableDiffusion: Layout = {
  id: "stable-diffusion",
  source: "CompVis/stable-diffusion openaimodel.py; diffusers unet_2d_condition.py",
  architectures: ["sd1", "sd2"],
  components: ["unet"],
  layers: unetLayers({ levels: 4, attentionUp: [1, 2, 3] }),
};

import { prefixedName, type Writer } from "./_writer.ts";

export const aiToolkit: Writer = {
  id: "ai-toolkit",
  consumers: "ai-toolkit, diffusion-pipe, ComfyUI",
  limits: "the denoiser only; no scales: they are folded into the factors",
  container: "safetensors",
  scales: "none",
  oneRank: false,
  underscored: false,
  naming: () => "original",
  name: (place) => prefixedName({ unet: "diffusion_model.", transformer: "diffusion_model." }, place),
};

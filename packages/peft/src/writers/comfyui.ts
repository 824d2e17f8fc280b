import { doraScale } from "./_magnitudes.ts";
import { prefixedName, type Writer } from "./_writer.ts";

export const comfyui: Writer = {
  id: "comfyui",
  consumers: "ComfyUI",
  limits: "no language models: modules need a named component",
  container: "safetensors",
  scales: "tensor",
  magnitudes: doraScale,
  oneRank: false,
  underscored: false,
  naming: () => "original",
  name: (place) =>
    prefixedName(
      {
        unet: "diffusion_model.",
        transformer: "diffusion_model.",
        te1: "text_encoders.clip_l.transformer.",
        te2: "text_encoders.clip_g.transformer.",
        te3: "text_encoders.t5xxl.transformer.",
      },
      place,
    ),
};

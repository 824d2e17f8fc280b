import { doraScale } from "./_magnitudes.ts";
import { prefixedName, type Writer } from "./_writer.ts";

/** Models whose checkpoints ComfyUI has in names of its own. */
const REPACKED = ["hunyuan-video", "hunyuan-video-15", "hunyuan-image"];

/** The one text encoder of a model that has no CLIP. */
const ENCODERS: Readonly<Record<string, string | undefined>> = {
  anima: "text_encoders.qwen3_06b.transformer.model.",
  // It is not documented what ComfyUI calls its layers.
  lumina2: undefined,
};

const CLIP = "text_encoders.clip_l.transformer.";

export const comfyui: Writer = {
  id: "comfyui",
  consumers: "ComfyUI",
  limits: "no language models: modules need a named component",
  container: "safetensors",
  scales: "tensor",
  magnitudes: doraScale,
  oneRank: false,
  underscored: false,
  naming: (architecture) => (REPACKED.includes(architecture) ? "comfyui" : "original"),
  name: (place, { architecture }) =>
    prefixedName(
      {
        unet: "diffusion_model.",
        transformer: "diffusion_model.",
        te1: architecture in ENCODERS ? ENCODERS[architecture] : CLIP,
        te2: "text_encoders.clip_g.transformer.",
        te3: "text_encoders.t5xxl.transformer.",
      },
      place,
    ),
};

import { doraScale } from "./_magnitudes.ts";
import { underscoredName } from "./_underscored-prefixes.ts";
import type { Writer } from "./_writer.ts";

/** Models whose modules kohya's trainers name as diffusers does. */
const LIBRARY = ["sd1", "sd2"];

export const kohya: Writer = {
  id: "kohya",
  consumers: "sd-scripts, musubi-tuner, ComfyUI, Forge, InvokeAI, diffusers",
  limits: "no language models: modules need a named component",
  container: "safetensors",
  scales: "tensor",
  magnitudes: doraScale,
  oneRank: false,
  underscored: true,
  naming: (architecture) => (LIBRARY.includes(architecture) ? "library" : "original"),
  name: (place, { architecture }) => underscoredName(place, "lora_unet_", architecture),
};

import { doraScale } from "./_magnitudes.ts";
import { underscoredName } from "./_underscored-prefixes.ts";
import { pipelineComponent, type Writer } from "./_writer.ts";

export const onetrainer: Writer = {
  id: "onetrainer",
  consumers: "OneTrainer, ComfyUI",
  limits: "no models with a U-Net: their names are kohya's",
  container: "safetensors",
  scales: "tensor",
  magnitudes: doraScale,
  oneRank: false,
  underscored: true,
  naming: () => "library",
  name: (place, { architecture }) =>
    pipelineComponent("transformer", architecture) === "unet"
      ? undefined
      : underscoredName(place, "lora_transformer_", architecture),
};

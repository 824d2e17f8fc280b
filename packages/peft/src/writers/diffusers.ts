import { magnitudeVector } from "./_magnitudes.ts";
import { PIPELINE } from "./_pipeline.ts";
import { pipelineComponent, prefixedName, type Writer } from "./_writer.ts";

/** A component of its own in diffusers, which has no LoRA there. */
const LLM_ADAPTER = "llm_adapter.";

export const diffusers: Writer = {
  id: "diffusers",
  consumers: "diffusers, ComfyUI, InvokeAI",
  limits: "no scales: they are folded into the factors",
  container: "safetensors",
  scales: "none",
  magnitudes: magnitudeVector,
  oneRank: false,
  underscored: false,
  naming: () => "library",
  name: (place, { architecture }) =>
    place.path.startsWith(LLM_ADAPTER)
      ? undefined
      : prefixedName(PIPELINE, { ...place, component: pipelineComponent(place.component, architecture) }),
};

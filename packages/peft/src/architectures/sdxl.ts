import { withoutWeight } from "../pairing/weight-name.ts";
import type { Architecture } from "./_architecture.ts";
import { openClipAliases } from "./_open-clip.ts";
import { stableDiffusionScore } from "./_stable-diffusion.ts";

const CLIP_L = "conditioner.embedders.0.transformer.";
/** The refiner has only the second encoder, in the first place. */
const CLIP_G = ["conditioner.embedders.1.model.", "conditioner.embedders.0.model."];

export const sdxl: Architecture = {
  id: "sdxl",
  title: "Stable Diffusion XL",
  source: "Stability-AI/generative-models checkpoints; CLIP-L and OpenCLIP bigG text encoders",
  score: (clues) =>
    stableDiffusionScore(clues, {
      context: 2048,
      bases: ["sdxl", "stable-diffusion-xl"],
      secondEncoder: true,
    }),
  aliases(name, shape) {
    if (name.startsWith(CLIP_L))
      return [{ component: "te1", path: withoutWeight(name.slice(CLIP_L.length)) }];
    const prefix = CLIP_G.find((candidate) => name.startsWith(candidate));
    if (prefix === undefined) return [];
    const rest = name.slice(prefix.length);
    // Distilled models keep the second encoder in transformers' names.
    if (rest.startsWith("text_model.") || rest === "text_projection.weight") {
      return [{ component: "te2", path: withoutWeight(rest) }];
    }
    return openClipAliases(rest, shape, "te2");
  },
};

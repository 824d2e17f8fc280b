import type { Prefixes, WrittenName, WrittenPlace } from "./_writer.ts";

/** Models with one text encoder, which has no number. */
const ONE_ENCODER = ["sd1", "sd2", "lumina2", "anima"];

/** A name of kohya's kind, under what the denoiser is called. */
export function underscoredName(
  { component, path }: WrittenPlace,
  denoiser: string,
  architecture: string,
): WrittenName | undefined {
  const prefixes: Prefixes = {
    unet: denoiser,
    transformer: denoiser,
    te1: ONE_ENCODER.includes(architecture) ? "lora_te_" : "lora_te1_",
    te2: "lora_te2_",
    te3: "lora_te3_",
  };
  const prefix = prefixes[component];
  return prefix === undefined ? undefined : { module: prefix + path.replaceAll(".", "_") };
}

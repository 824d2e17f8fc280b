import type { Dialect } from "./_dialect.ts";
import { endingDialect } from "./_ending-dialect.ts";
import type { PlacePrefix } from "./_places.ts";

const PREFIX = "diffusion_model.";
const PREFIXES: readonly PlacePrefix[] = [[PREFIX, "unet"]];

/**
 * What ostris/ai-toolkit writes for transformers, and diffusion-pipe after it: ComfyUI's names with PEFT's pair of
 * endings and no alpha, since alpha is the rank. The scale is 1.
 */
export const aiToolkit: Dialect = endingDialect({
  id: "ai-toolkit",
  title: "ai-toolkit (diffusion_model. with lora_A and lora_B, no alpha)",
  source: "https://github.com/ostris/ai-toolkit toolkit/network_mixins.py",
  distinct: false,
  spellings: [{ id: "a-b", endings: { down: ".lora_A.weight", up: ".lora_B.weight" } }],
  prefixes: PREFIXES,
  weight: 0.95,
  reads: (module) => module.startsWith(PREFIX) && module.length > PREFIX.length,
});

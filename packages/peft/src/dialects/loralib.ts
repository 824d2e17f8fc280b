import type { Dialect } from "./_dialect.ts";
import { alphaScaling } from "./_alpha-scaling.ts";
import { endingDialect } from "./_ending-dialect.ts";

/** Parameters of a numbered layer of a language model. */
const MODULE = /(?:^|\.)(?:layers?|h)\.\d+\./;

/**
 * Parameters of microsoft/LoRA: pairs without `.weight`. The scale, alpha / r, is an argument of the program that trained
 * them, and in no file: they are read with a scale of 1.
 */
export const loralib: Dialect = {
  ...endingDialect({
    id: "loralib",
    title: "loralib (microsoft/LoRA)",
    source: "https://github.com/microsoft/LoRA loralib/layers.py",
    distinct: false,
    spellings: [{ id: "parameters", endings: { down: ".lora_A", up: ".lora_B" } }],
    prefixes: [],
    weight: 0.85,
    reads: (module) => MODULE.test(module) && !/^(?:base_model|diffusion_model)\./.test(module),
  }),
  scaling: () => ({
    ...alphaScaling,
    warnings: [
      "loralib keeps alpha in no file: updates are read with a scale of 1, so multiply norms with alpha / r",
    ],
  }),
};

import { plain } from "./plain.ts";
import type { Variant } from "./variant.ts";

/**
 * MiCA: B holds the least singular vectors of W and is not trained. Forward and merging are those of LoRA; what
 * differs is where the factors start.
 *
 * @see arXiv 2604.01694
 */
export const mica: Variant = { ...plain, id: "mica", kinds: ["linear", "hf-conv1d", "embedding"] };

/**
 * VeLoRA: training keeps compressed activations. Forward and merging are those of LoRA; the compressor `embed` is
 * carried for whoever trains on.
 *
 * @see Miles et al. 2024, arXiv 2405.17991
 */
export const velora: Variant = { ...plain, id: "velora", kinds: ["linear", "hf-conv1d"] };

/** MonteCLoRA: training draws A around its mean; outside training it is LoRA. Its sampler is carried for whoever trains on. */
export const monteclora: Variant = { ...plain, id: "monteclora", kinds: ["linear", "hf-conv1d"] };

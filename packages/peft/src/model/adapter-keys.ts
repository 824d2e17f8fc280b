import type { AdapterTensors } from "../layers/layer-adapter.ts";
import type { AdaptedKind } from "../layers/variant.ts";

/** What PEFT puts in front of every module. */
export const PREFIX = "base_model.model.";

/** A tensor of an adapter in one layer. */
export type AdapterPart = keyof AdapterTensors;

const KEYS: Readonly<Record<AdapterPart, string>> = {
  down: "lora_A.weight",
  up: "lora_B.weight",
  bias: "lora_B.bias",
  magnitude: "lora_magnitude_vector",
  diagonal: "lora_diag",
  embed: "lora_velora_embed",
  sampleWeights: "lora_monteclora_sampler.expert_weights",
  samplePrior: "lora_monteclora_sampler.expert_weights_prior",
  samplerCovariance: "lora_monteclora_sampler.gaussian_var_prior",
  samplerDeviation: "lora_monteclora_sampler.std_prior",
};

const EMBEDDING_KEYS: Readonly<Partial<Record<AdapterPart, string>>> = {
  down: "lora_embedding_A",
  up: "lora_embedding_B",
};

/** All parts, in the order in which they are written. */
export const PARTS: readonly AdapterPart[] = Object.keys(KEYS) as AdapterPart[];

/**
 * The name of a tensor in PEFT's files.
 *
 * @param path of the layer, `ModuleLayer.path`
 */
export function adapterKey(path: string, kind: AdaptedKind, part: AdapterPart): string {
  const name = (kind === "embedding" ? EMBEDDING_KEYS[part] : undefined) ?? KEYS[part];
  return `${PREFIX}${path}.${name}`;
}

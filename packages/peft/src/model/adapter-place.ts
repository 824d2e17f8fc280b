import type { Matrix } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import { loraScales } from "../config/lora-scales.ts";
import type { AdapterTensors, FactorShapes } from "../layers/layer-adapter.ts";
import { demandRank } from "../layers/layer-adapter.ts";
import type { Variant } from "../layers/variant.ts";
import type { AdaptedModule, ModuleLayer } from "./base-module.ts";
import { variantOf } from "./variant-of.ts";

/** One layer that an adapter goes into, and what its configuration says there. */
export interface AdapterPlace extends ModuleLayer {
  readonly module: string;
  readonly owner: AdaptedModule;
  readonly config: LoraConfig;
  readonly rank: number;
  readonly alpha: number;
  readonly variant: Variant;
  /** How often the update is applied. */
  readonly times: number;
  /** Shapes of the two factors, as they are stored. */
  readonly shapes: FactorShapes;
}

/** What an adapter starts from in one layer. */
export interface InitialAdapter extends AdapterTensors {
  /** The weight of the base from now on, in its layout, for initialisers that take the product off it. */
  readonly base?: Matrix["data"] | undefined;
}

/** Gives the tensors that a new adapter starts with; DoRA's magnitudes follow from them where they are left out. */
export type Initialise = (place: AdapterPlace) => InitialAdapter | Promise<InitialAdapter>;

/**
 * The layers of these modules as an adapter with this configuration finds them.
 *
 * @throws LoraError USAGE for a rank that is none; UNSUPPORTED for `lora_bias` in an embedding; and as `variantOf` and the shapes of a layer do
 */
export function adapterPlaces(modules: readonly AdaptedModule[], config: LoraConfig): AdapterPlace[] {
  const scales = loraScales(config);
  const repeats = outputTimes(config.peft_version);
  return modules.flatMap((owner) =>
    owner.layers.map((one) => {
      const { name } = owner;
      const { rank, alpha } = scales.of(one.patternName);
      demandRank(rank);
      refuseBias(one, config);
      const variant = variantOf(config, name);
      const dense = one.layer.factorShapes(rank);
      const shapes = variant.packed?.(dense) ?? dense;
      const times = one.isAttentionOutput ? repeats : 1;
      return { ...one, owner, module: name, config, rank, alpha, variant, times, shapes };
    }),
  );
}

function refuseBias({ path, layer }: ModuleLayer, { lora_bias: isAsked }: LoraConfig): void {
  if (!isAsked || layer.kind !== "embedding") return;
  throw new LoraError("UNSUPPORTED", `${path} is an embedding, whose factors have no bias (lora_bias)`, {
    module: path,
    advice: "leave lora_bias out, or the embedding",
  });
}

/**
 * How often an adapter's `out_proj` acts: twice where its configuration is of PEFT 0.21 or older (or does not say), once
 * from 0.22 on.
 */
function outputTimes(version: string | null): number {
  const [major = 0, minor = 0] = (version ?? "0.0").split(".").map(Number);
  return major > 0 || minor > 21 ? 1 : 2;
}

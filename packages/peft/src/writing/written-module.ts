import type { DType } from "@lora/tensor";
import { decode, encode } from "@lora/tensor";
import type { AdapterModule } from "../adapter.ts";
import type { ModuleScale, Scaling, WrittenModule } from "../dialects/_dialect.ts";
import { isPair } from "./planned-parts.ts";

/** A module that is carried over. */
export function writtenAsIs(module: AdapterModule): WrittenModule {
  const { rank, scale, alpha } = module;
  return { module, asPair: isPair(module), rank, scale, alpha };
}

/** A module that is written again as up and down of this rank. */
export function writtenPair(module: AdapterModule, rank: number, scaling: Scaling): WrittenModule {
  return { module, asPair: true, rank, ...newScale(scaling, module, rank) };
}

/** The alpha as it will be stored, and the scale that a reader will make of it. */
function newScale(
  scaling: Scaling,
  module: AdapterModule,
  rank: number,
): Pick<ModuleScale, "alpha" | "scale"> {
  const alphaTensor = module.parts.get("alpha")?.tensor;
  if (module.scaleSource !== "tensor" || alphaTensor === undefined) return scaling.at(module, rank);
  const alpha = storable(module.scale * rank, alphaTensor.dtype) ?? storable(rank, alphaTensor.dtype) ?? 1;
  return { alpha, scale: alpha / rank };
}

/** The value as `dtype` rounds it; undefined where nothing above 0 is left of it. */
function storable(value: number, dtype: DType): number | undefined {
  const rounded = new Float64Array(1);
  const integer = !dtype.includes("f");
  decode(encode([integer ? Math.round(value) : value], dtype), dtype, rounded);
  const [stored] = rounded;
  return stored !== undefined && stored > 0 && Number.isFinite(stored) ? stored : undefined;
}

import type { AdapterModule, BaseReference, ModuleSpectrum } from "@lora/peft";
import { elementCount } from "@lora/tensor";

/** A spectrum as a rule sees it. */
export function ruleSpectrum(
  module: AdapterModule,
  s: Float64Array,
  base: BaseReference | undefined,
): ModuleSpectrum {
  const [out = 0, ...inner] = module.shape;
  const { name, layer, scale } = module;
  const kernel = inner.slice(1).some((size) => size > 1);
  return { name, layer, kernel, out, in: elementCount(inner), s, scale, base };
}

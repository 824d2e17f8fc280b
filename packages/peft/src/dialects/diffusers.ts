import { alphaScaling } from "./_alpha-scaling.ts";
import { configuredAt, configuredScale } from "./_config-scaling.ts";
import type { Dialect, Scaling } from "./_dialect.ts";
import type { HeaderConfig } from "./_header-config.ts";
import { headerConfigs, updatedHeader } from "./_header-config.ts";
import { PIPELINE_PREFIXES, prefixCensus, stripPrefix } from "./_places.ts";
import { HEADER_CONFIG } from "../config/peft-config.ts";
import { census, detection } from "./_score.ts";
import type { Spelling } from "./_spelling.ts";
import { parseEnding, printEnding } from "./_spelling.ts";

const SPELLINGS: readonly Spelling[] = [
  { id: "plain", endings: { down: ".lora_A.weight", up: ".lora_B.weight", alpha: ".alpha" } },
  { id: "named", endings: { down: ".lora_A.default.weight", up: ".lora_B.default.weight" } },
];

/**
 * PEFT's factors under the component names of a diffusers pipeline. Scales: an alpha tensor, else
 * `lora_adapter_metadata` in the header, else 1.
 */
export const diffusers: Dialect = {
  id: "diffusers",
  title: "diffusers",
  source: "https://github.com/huggingface/diffusers src/diffusers/loaders/lora_base.py",
  keepsEveryModule: false,
  distinct: true,
  score(names, file) {
    const found = census(names, diffusers.parse);
    const reasons = [`prefixes ${prefixCensus(PIPELINE_PREFIXES, found.modules)}`];
    if (file.metadata.has(HEADER_CONFIG)) reasons.push(`the header has ${HEADER_CONFIG}`);
    return detection("diffusers", names, { census: found, weight: 0.9, reasons });
  },
  parse(name) {
    if (stripPrefix(PIPELINE_PREFIXES, name) === undefined) return undefined;
    return parseEnding(SPELLINGS, name);
  },
  print: (module, part, spelling) => printEnding(SPELLINGS, module, { part, spelling }),
  place: (module) => stripPrefix(PIPELINE_PREFIXES, module) ?? { component: "model", path: module },
  scaling: (file) => headerScaling(headerConfigs(file)),
  texts: (file, modules) => ({ metadata: updatedHeader(file, modules), sidecars: file.sidecars }),
};

function headerScaling(configs: readonly HeaderConfig[]): Scaling {
  const scalesFor = (component: string): HeaderConfig["scales"] | undefined =>
    configs.find((config) => config.component === component)?.scales;
  return {
    ...alphaScaling,
    of(module, storedAlpha) {
      const scales = scalesFor(module.component);
      if (storedAlpha !== undefined || scales === undefined) return alphaScaling.of(module, storedAlpha);
      return configuredScale(scales, module, HEADER_CONFIG);
    },
    at(module, rank) {
      const scales = module.scaleSource === "config" ? scalesFor(module.component) : undefined;
      return scales === undefined ? alphaScaling.at(module, rank) : configuredAt(scales, module, rank);
    },
  };
}

import { alphaScaling, sameTexts } from "./_alpha-scaling.ts";
import type { Dialect, ParsedName, Place } from "./_dialect.ts";
import { PIPELINE_PREFIXES, prefixCensus, stripPrefix } from "./_places.ts";
import { census, detection } from "./_score.ts";
import type { Spelling } from "./_spelling.ts";
import { parseEnding, printEnding } from "./_spelling.ts";

const PROCESSOR: Spelling = {
  id: "processor",
  endings: { down: "_lora.down.weight", up: "_lora.up.weight", alpha: "_lora.alpha" },
};

const SPELLINGS: readonly Spelling[] = [
  {
    id: "linear-layer",
    endings: { down: ".lora_linear_layer.down.weight", up: ".lora_linear_layer.up.weight" },
  },
  { id: "lora", endings: { down: ".lora.down.weight", up: ".lora.up.weight", alpha: ".alpha" } },
];

/**
 * What diffusers wrote before it used PEFT. One file often mixes its layouts: attention processors
 * (`attn1.processor.to_q_lora.down`) in the U-Net with `lora_linear_layer` in the text encoder.
 */
export const diffusersLegacy: Dialect = {
  id: "diffusers-legacy",
  title: "diffusers before PEFT (attention processors, lora_linear_layer, .lora.down)",
  source: "https://github.com/huggingface/diffusers loaders.py, releases 0.11 to 0.25",
  keepsEveryModule: false,
  distinct: true,
  score(names) {
    const found = census(names, diffusersLegacy.parse);
    const prefixes = prefixCensus(PIPELINE_PREFIXES, found.modules);
    const processors = found.modules.filter((module) => module.includes(".processor.")).length;
    const reasons = [`prefixes ${prefixes === "" ? "none" : prefixes}; ${processors} attention processors`];
    return detection("diffusers-legacy", names, { census: found, weight: 0.95, reasons });
  },
  parse: (name) => parseProcessor(name) ?? parseEnding(SPELLINGS, name),
  print: (module, part, spelling) =>
    printEnding(spelling === PROCESSOR.id ? [PROCESSOR] : SPELLINGS, module, { part, spelling }),
  place(module) {
    const place = stripPrefix(PIPELINE_PREFIXES, module) ?? withoutPrefix(module);
    return { ...place, path: modulePath(place.path) };
  },
  scaling: () => alphaScaling,
  texts: sameTexts,
};

function parseProcessor(name: string): ParsedName | undefined {
  return name.includes(".processor.") ? parseEnding([PROCESSOR], name) : undefined;
}

/** The oldest files name no component: only the U-Net had attention processors. */
function withoutPrefix(module: string): Place {
  return { component: "unet", path: module };
}

/** `attn1.processor.to_out` is the layer `attn1.to_out.0`: the processor stood in for the attention's own layers. */
function modulePath(path: string): string {
  const [owner, layer] = path.split(".processor.");
  if (layer === undefined) return path;
  return `${owner}.${layer === "to_out" ? "to_out.0" : layer}`;
}

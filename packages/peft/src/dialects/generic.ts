import type { TensorFile } from "@lora/tensor";
import { alphaScaling } from "./_alpha-scaling.ts";
import type { Dialect, ParsedName, Place, WrittenModule } from "./_dialect.ts";
import { LYCORIS_KINDS } from "./_lycoris-endings.ts";
import { CHECKPOINT_PREFIXES, PIPELINE_PREFIXES, prefixCensus, stripPrefix } from "./_places.ts";
import type { PlacePrefix } from "./_places.ts";
import { census, detection } from "./_score.ts";
import type { Spelling } from "./_spelling.ts";
import { parseEnding, printEnding } from "./_spelling.ts";

const SPELLINGS: readonly Spelling[] = [
  { id: "a-b", endings: { down: ".lora_A.weight", up: ".lora_B.weight", alpha: ".alpha" } },
  { id: "named-a-b", endings: { down: ".lora_A.default.weight", up: ".lora_B.default.weight" } },
  { id: "bare-a-b", endings: { down: ".lora_A", up: ".lora_B" } },
  { id: "down-up", endings: { down: ".lora_down.weight", up: ".lora_up.weight", mid: ".lora_mid.weight" } },
  { id: "bare-down-up", endings: { down: ".lora_down", up: ".lora_up", mid: ".lora_mid" } },
  { id: "lora", endings: { down: ".lora.down.weight", up: ".lora.up.weight" } },
  { id: "plain", endings: { down: ".down.weight", up: ".up.weight" } },
  { id: "bare-plain", endings: { down: ".down", up: ".up" } },
  { id: "numbered", endings: { down: ":down", up: ":up", alpha: ":alpha" } },
  LYCORIS_KINDS,
];

const PEFT_PREFIX = "base_model.model.";

/** Of the names of a file that are only `up` and `down`. */
const LEAST_SHARE = 0.5;

/** cloneofsimo/lora numbers its modules: `unet:0`. */
const NUMBERED_PREFIXES: readonly PlacePrefix[] = [
  ["unet:", "unet"],
  ["text_encoder:", "te1"],
];

const PREFIXES: readonly PlacePrefix[] = [...CHECKPOINT_PREFIXES, ...PIPELINE_PREFIXES, ...NUMBERED_PREFIXES];

/**
 * Any other file whose names end in a known pair of parts, ComfyUI's own names (`diffusion_model.`) among them.
 * The scale is alpha / rank where a module has an alpha tensor, else 1.
 */
export const generic: Dialect = {
  id: "generic",
  title: "other names with a known pair of endings",
  source: "https://github.com/comfyanonymous/ComfyUI comfy/weight_adapter/lora.py; cloneofsimo/lora",
  keepsEveryModule: false,
  distinct: false,
  score(names) {
    const marked = census(names, parseMarked);
    const found = marked.claimed > 0 ? marked : census(names, generic.parse);
    // `mlp.up.weight` and `mlp.down.weight` are layers of many models: without a mark they must be the rule.
    if (marked.claimed === 0 && found.share < LEAST_SHARE)
      return { dialect: "generic", confidence: 0, reasons: [] };
    const prefixes = prefixCensus(PREFIXES, found.modules);
    const reasons = [`pairs of known endings; prefixes ${prefixes === "" ? "none known" : prefixes}`];
    return detection("generic", names, { census: found, weight: 0.5, reasons });
  },
  parse(name) {
    const parsed = parseEnding(SPELLINGS, name);
    // PEFT keeps the scales of its own LoHa and LoKr in its configuration alone.
    return parsed?.spelling === LYCORIS_KINDS.id && name.startsWith(PEFT_PREFIX) ? undefined : parsed;
  },
  print: (module, part, spelling) => printEnding(SPELLINGS, module, { part, spelling }),
  place,
  scaling: () => alphaScaling,
  texts: (file, modules) => ({ metadata: updatedRanks(file, modules), sidecars: file.sidecars }),
};

function parseMarked(name: string): ParsedName | undefined {
  const parsed = generic.parse(name);
  return parsed?.spelling.endsWith("plain") === true ? undefined : parsed;
}

function place(module: string): Place {
  const bare = module.startsWith(PEFT_PREFIX) ? module.slice(PEFT_PREFIX.length) : module;
  return stripPrefix(PREFIXES, bare) ?? { component: "model", path: bare };
}

/** cloneofsimo/lora keeps the rank of each module as `unet:0:rank`. */
function updatedRanks(file: TensorFile, modules: readonly WrittenModule[]): ReadonlyMap<string, string> {
  const metadata = new Map(file.metadata);
  for (const { module, rank } of modules) {
    const key = `${module.name}:rank`;
    if (metadata.has(key)) metadata.set(key, String(rank));
  }
  return metadata;
}

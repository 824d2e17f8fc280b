import { alphaScaling, sameTexts } from "./_alpha-scaling.ts";
import type { Dialect, ParsedName, Place } from "./_dialect.ts";
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
  LYCORIS_KINDS,
];

const PEFT_PREFIX = "base_model.model.";

/** Of the names of a file that are only `up` and `down`. */
const LEAST_SHARE = 0.5;

const PREFIXES: readonly PlacePrefix[] = [...CHECKPOINT_PREFIXES, ...PIPELINE_PREFIXES];

/**
 * Any other file whose names end in a known pair of parts.
 * The scale is alpha / rank where a module has an alpha tensor, else 1.
 */
export const generic: Dialect = {
  id: "generic",
  title: "other names with a known pair of endings",
  source: "https://github.com/comfyanonymous/ComfyUI comfy/weight_adapter/lora.py",
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
  texts: sameTexts,
};

function parseMarked(name: string): ParsedName | undefined {
  const parsed = generic.parse(name);
  return parsed?.spelling.endsWith("plain") === true ? undefined : parsed;
}

function place(module: string): Place {
  const bare = module.startsWith(PEFT_PREFIX) ? module.slice(PEFT_PREFIX.length) : module;
  return stripPrefix(PREFIXES, bare) ?? { component: "model", path: bare };
}

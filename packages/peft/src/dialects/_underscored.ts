import type { Dialect, ParsedName } from "./_dialect.ts";
import { alphaScaling } from "./_alpha-scaling.ts";
import { LYCORIS_GLORA, LYCORIS_IA3, LYCORIS_KINDS } from "./_lycoris-endings.ts";
import { updatedDims } from "./_network-dims.ts";
import type { PlacePrefix } from "./_places.ts";
import { stripPrefix } from "./_places.ts";
import type { Spelling } from "./_spelling.ts";
import { parseEnding, printEnding } from "./_spelling.ts";

const SPELLINGS: readonly Spelling[] = [
  {
    id: "down-up",
    endings: { down: ".lora_down.weight", up: ".lora_up.weight", mid: ".lora_mid.weight", alpha: ".alpha" },
  },
  { id: "a-b", endings: { down: ".lora_A.weight", up: ".lora_B.weight" } },
  LYCORIS_KINDS,
  LYCORIS_GLORA,
  LYCORIS_IA3,
];

/** Module prefixes of every trainer that writes underscores for dots. */
export const UNDERSCORED_PREFIXES: readonly PlacePrefix[] = [
  ["lora_unet_", "unet"],
  ["lora_transformer_", "transformer"],
  ["lora_te1_", "te1"],
  ["lora_te2_", "te2"],
  ["lora_te3_", "te3"],
  ["lora_te_", "te1"],
  ["lora_prior_unet_", "unet"],
  ["oft_unet_", "unet"],
  ["lycoris_unet_", "unet"],
  ["lycoris_te1_", "te1"],
  ["lycoris_te2_", "te2"],
  ["lycoris_te_", "te1"],
  ["lycoris_", "transformer"],
];

const AMBIGUOUS: readonly string[] = [LYCORIS_GLORA.id, LYCORIS_IA3.id];

/** A name whose module is a path with underscores for its dots, which cannot be undone by rule. */
export function parseUnderscored(name: string): ParsedName | undefined {
  const parsed = parseEnding(SPELLINGS, name);
  if (parsed === undefined || parsed.module.includes(".")) return undefined;
  // Any model has weights: only where the name says that it is an adapter's is one (IA)³, or GLoRA.
  const isPlain = AMBIGUOUS.includes(parsed.spelling);
  return isPlain && stripPrefix(UNDERSCORED_PREFIXES, parsed.module) === undefined ? undefined : parsed;
}

/** What the dialects with such names have in common: they differ in who wrote them. */
export const underscored: Pick<
  Dialect,
  "keepsEveryModule" | "distinct" | "parse" | "print" | "place" | "scaling" | "texts"
> = {
  keepsEveryModule: false,
  distinct: true,
  parse: parseUnderscored,
  print: (module, part, spelling) => printEnding(SPELLINGS, module, { part, spelling }),
  place: (module) => stripPrefix(UNDERSCORED_PREFIXES, module) ?? { component: "model", path: module },
  scaling: () => alphaScaling,
  texts: updatedDims,
};

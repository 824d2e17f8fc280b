import type { TensorFile } from "@lora/tensor";
import { alphaScaling } from "./_alpha-scaling.ts";
import type { Dialect, WrittenModule } from "./_dialect.ts";
import type { PlacePrefix } from "./_places.ts";
import { prefixCensus, stripPrefix } from "./_places.ts";
import { LYCORIS_KINDS } from "./_lycoris-endings.ts";
import { census, detection } from "./_score.ts";
import type { Spelling } from "./_spelling.ts";
import { parseEnding, printEnding } from "./_spelling.ts";

const SPELLINGS: readonly Spelling[] = [
  {
    id: "down-up",
    endings: { down: ".lora_down.weight", up: ".lora_up.weight", mid: ".lora_mid.weight", alpha: ".alpha" },
  },
  { id: "a-b", endings: { down: ".lora_A.weight", up: ".lora_B.weight" } },
  LYCORIS_KINDS,
];

/** Module prefixes of sd-scripts, LyCORIS, OneTrainer and SimpleTuner. */
const PREFIXES: readonly PlacePrefix[] = [
  ["lora_unet_", "unet"],
  ["lora_transformer_", "transformer"],
  ["lora_te1_", "te1"],
  ["lora_te2_", "te2"],
  ["lora_te3_", "te3"],
  ["lora_te_", "te1"],
  ["lora_prior_unet_", "unet"],
  ["lycoris_unet_", "unet"],
  ["lycoris_te1_", "te1"],
  ["lycoris_te2_", "te2"],
  ["lycoris_te_", "te1"],
  ["lycoris_", "transformer"],
];

/**
 * The naming of kohya-ss/sd-scripts, LyCORIS and OneTrainer: a prefix for the component, then the module path with
 * underscores for its dots, which cannot be undone by rule: bases are paired by writing their names this way.
 */
export const kohya: Dialect = {
  id: "kohya",
  title: "kohya (sd-scripts, LyCORIS, OneTrainer)",
  source:
    "https://github.com/kohya-ss/sd-scripts networks/lora.py; KohakuBlueleaf/LyCORIS; Nerogar/OneTrainer",
  keepsEveryModule: false,
  distinct: true,
  score(names) {
    const found = census(names, kohya.parse);
    const prefixes = prefixCensus(PREFIXES, found.modules);
    const reasons = [`underscored modules; prefixes ${prefixes === "" ? "none known" : prefixes}`];
    return detection("kohya", names, { census: found, weight: prefixes === "" ? 0.7 : 1, reasons });
  },
  parse(name) {
    const parsed = parseEnding(SPELLINGS, name);
    return parsed === undefined || parsed.module.includes(".") ? undefined : parsed;
  },
  print: (module, part, spelling) => printEnding(SPELLINGS, module, { part, spelling }),
  place: (module) => stripPrefix(PREFIXES, module) ?? { component: "model", path: module },
  scaling: () => alphaScaling,
  texts: (file, modules) => ({ metadata: updatedMetadata(file, modules), sidecars: file.sidecars }),
};

/** `ss_network_dim` and `ss_network_alpha` where the file has them: the value, or `Dynamic` where modules differ. */
function updatedMetadata(file: TensorFile, modules: readonly WrittenModule[]): ReadonlyMap<string, string> {
  const metadata = new Map(file.metadata);
  const set = (key: string, values: readonly number[]): void => {
    const [first] = values;
    if (!metadata.has(key) || first === undefined) return;
    metadata.set(key, values.every((value) => value === first) ? String(first) : "Dynamic");
  };
  set(
    "ss_network_dim",
    modules.map(({ rank }) => rank),
  );
  set(
    "ss_network_alpha",
    modules.map(({ rank, alpha }) => alpha ?? rank),
  );
  return metadata;
}

import type { TensorFile } from "@lora/tensor";
import type { JsonObject } from "../config/json-text.ts";
import { parseObject } from "../config/json-text.ts";
import { PEFT_CONFIG } from "../config/lora-config-text.ts";
import type { LoraScales } from "../config/lora-scales.ts";
import { storedScales } from "../config/lora-scales.ts";
import { numberSpellings } from "../config/number-spellings.ts";
import { configWarnings, HEADER_CONFIG, peftType, plainLoraConfig } from "../config/peft-config.ts";
import { pythonJson } from "../config/python-json.ts";
import type { ResolvedLoraConfig } from "../config/resolve-lora-config.ts";
import { updatedScales } from "../config/updated-scales.ts";
import { configuredAt, configuredScale, missingConfig } from "./_config-scaling.ts";
import type { Dialect, WrittenModule } from "./_dialect.ts";
import { demandAllPairs } from "./_all-pairs.ts";
import { headerConfigs, scalesByPath, updatedHeader } from "./_header-config.ts";
import { census, detection } from "./_score.ts";
import type { Spelling } from "./_spelling.ts";
import { parseEnding, printEnding } from "./_spelling.ts";

const PREFIX = "base_model.model.";

const SPELLINGS: readonly Spelling[] = [
  { id: "plain", endings: { down: ".lora_A.weight", up: ".lora_B.weight" } },
  { id: "named", endings: { down: ".lora_A.default.weight", up: ".lora_B.default.weight" } },
  { id: "embedding", endings: { down: ".lora_embedding_A", up: ".lora_embedding_B" }, layer: "embedding" },
  {
    id: "named-embedding",
    endings: { down: ".lora_embedding_A.default", up: ".lora_embedding_B.default" },
    layer: "embedding",
  },
];

/** Adapters of HF PEFT: factors in the file, rank and alpha in `adapter_config.json` beside it. */
export const peft: Dialect = {
  id: "peft",
  title: "PEFT",
  source: "https://huggingface.co/docs/peft/developer_guides/checkpoint",
  keepsEveryModule: true,
  distinct: false,
  score(names, file) {
    const found = census(names, (name) => peft.parse(name));
    const prefixed = found.modules.filter((module) => module.startsWith(PREFIX)).length;
    const isLora = peftType(file) === "LORA";
    if (prefixed === 0 && !isLora) return { dialect: "peft", confidence: 0, reasons: [] };
    const reasons = [`${prefixed} of ${found.modules.length} modules begin with ${PREFIX}`];
    if (isLora) reasons.push(`${PEFT_CONFIG} says LORA`);
    return detection("peft", names, { census: found, weight: isLora ? 1 : 0.95, reasons });
  },
  parse: (name) => parseEnding(SPELLINGS, name),
  print: (module, part, spelling) => printEnding(SPELLINGS, module, { part, spelling }),
  place: (module) => ({
    component: "model",
    path: module.startsWith(PREFIX) ? module.slice(PREFIX.length) : module,
  }),
  scaling(file) {
    const { resolved, scales, where } = configOf(file);
    return {
      of: (module) => configuredScale(scales, module, where),
      at: (module, rank) => configuredAt(scales, module, rank),
      transposed: resolved.config.fan_in_fan_out,
      savedWhole: resolved.config.modules_to_save ?? [],
      warnings: configWarnings(resolved),
      enabled: enabledParts(resolved.unknown["enable_lora"]),
    };
  },
  texts(file, modules) {
    const text = file.sidecars.get(PEFT_CONFIG);
    if (text === undefined) return { metadata: updatedHeader(file, modules), sidecars: file.sidecars };
    const fields = updatedScales(unmerged(parseObject(text, PEFT_CONFIG), modules), scalesByPath(modules));
    const updated = pythonJson(fields, { sorted: false, spellings: numberSpellings(text) });
    return { metadata: file.metadata, sidecars: new Map(file.sidecars).set(PEFT_CONFIG, updated) };
  },
};

/** The configuration and where it was found: the side file, else the header of the file. */
function configOf(file: TensorFile): { resolved: ResolvedLoraConfig; scales: LoraScales; where: string } {
  const resolved = plainLoraConfig(file);
  if (resolved !== undefined)
    return { resolved, scales: storedScales(resolved.config, PEFT_CONFIG), where: PEFT_CONFIG };
  const [header] = headerConfigs(file);
  if (header !== undefined) return { resolved: header, scales: header.scales, where: HEADER_CONFIG };
  throw missingConfig(file);
}

/** `enable_lora` of PEFT 0.2: true for each part of a fused layer that has an update. */
function enabledParts(value: unknown): readonly boolean[] | undefined {
  if (!Array.isArray(value) || !value.includes(true)) return undefined;
  return value.map((one) => one === true);
}

/** Without what says that pairs are merged, once all of them are plain. */
function unmerged(fields: JsonObject, modules: readonly WrittenModule[]): JsonObject {
  if (enabledParts(fields["enable_lora"]) === undefined) return fields;
  demandAllPairs(modules);
  return Object.fromEntries(
    Object.entries(fields).filter(([field]) => field !== "enable_lora" && field !== "merge_weights"),
  );
}

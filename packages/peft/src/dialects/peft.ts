import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { JsonObject } from "../config/json-text.ts";
import type { LoraScales } from "../config/lora-scales.ts";
import { loraScales } from "../config/lora-scales.ts";
import {
  configWarnings,
  demandPlainLora,
  HEADER_CONFIG,
  PEFT_CONFIG,
  peftConfig,
  peftType,
} from "../config/peft-config.ts";
import { updatedScales } from "../config/updated-scales.ts";
import { configuredAt, configuredScale } from "./_config-scaling.ts";
import type { Dialect } from "./_dialect.ts";
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
    const { config, scales, where } = configOf(file);
    const saved = config["modules_to_save"];
    return {
      of: (module) => configuredScale(scales, module, where),
      at: (module, rank) => configuredAt(scales, module, rank),
      transposed: config["fan_in_fan_out"] === true,
      savedWhole: Array.isArray(saved) ? saved.filter((entry) => typeof entry === "string") : [],
      warnings: configWarnings(config),
    };
  },
  texts(file, modules) {
    const config = peftConfig(file);
    if (config === undefined) return { metadata: updatedHeader(file, modules), sidecars: file.sidecars };
    const text = JSON.stringify(updatedScales(config, scalesByPath(modules)), null, 2);
    return { metadata: file.metadata, sidecars: new Map(file.sidecars).set(PEFT_CONFIG, text) };
  },
};

/** The configuration and where it was found: the side file, else the header of the file. */
function configOf(file: TensorFile): { config: JsonObject; scales: LoraScales; where: string } {
  const config = peftConfig(file);
  if (config !== undefined) {
    demandPlainLora(config);
    return { config, scales: loraScales(config, PEFT_CONFIG), where: PEFT_CONFIG };
  }
  const [header] = headerConfigs(file);
  if (header !== undefined) return { ...header, where: HEADER_CONFIG };
  throw new LoraError(
    "MISSING",
    `${PEFT_CONFIG} is not beside the weights, and rank and alpha are only there`,
    {
      file: file.name,
      sidecar: PEFT_CONFIG,
      advice: `put the adapter's ${PEFT_CONFIG} into the same folder; if a scale of 1 is right, read it in the dialect generic`,
    },
  );
}

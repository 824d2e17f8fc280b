import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { JsonObject } from "../config/json-text.ts";
import { parseObject } from "../config/json-text.ts";
import { loraConfigOf, PEFT_CONFIG, printLoraConfig } from "../config/lora-config-text.ts";
import { peftType } from "../config/peft-config.ts";
import { isReadMethod } from "../config/peft-methods.ts";
import { updatedScales } from "../config/updated-scales.ts";
import { methodScales } from "./_method-scales.ts";
import { methodSettings } from "./_method-settings.ts";
import { configuredAt, missingConfig } from "./_config-scaling.ts";
import { demandAllPairs } from "./_all-pairs.ts";
import type { Dialect, Texts, WrittenModule } from "./_dialect.ts";
import { scalesByPath } from "./_header-config.ts";
import { LYCORIS_KINDS } from "./_lycoris-endings.ts";
import { census, detection } from "./_score.ts";
import type { Part } from "../parts.ts";
import type { Spelling } from "./_spelling.ts";
import { parseEnding, printEnding } from "./_spelling.ts";

const PREFIX = "base_model.model.";

const SPELLINGS: readonly Spelling[] = [
  { id: "plain", endings: { down: ".lora_A.weight", up: ".lora_B.weight" } },
  { id: "adalora", endings: { down: ".lora_A", up: ".lora_B", singular: ".lora_E" } },
  { id: "oft", endings: { oft_R: ".oft_R.weight" } },
  { id: "oft-before-0.16", endings: { oft_r: ".oft_r", oft_s: ".oft_s" } },
  {
    id: "glora",
    endings: {
      glora_A_X: ".glora_A.X",
      glora_A_Xd: ".glora_A.Xd",
      glora_A_Xu: ".glora_A.Xu",
      glora_B_X: ".glora_B.X",
      glora_B_Xd: ".glora_B.Xd",
      glora_B_Xu: ".glora_B.Xu",
    },
  },
  { id: "boft", endings: { boft_R: ".boft_R", boft_s: ".boft_s" } },
  { id: "ia3", endings: { ia3_l: ".ia3_l" } },
  LYCORIS_KINDS,
];

/** What LyCORIS writes and PEFT does not. */
const NOT_OF_PEFT: readonly Part[] = ["diff", "oft_blocks", "rescale"];

const GLORA_BESIDE = /\.glora_(?:[CDE]\.X[du]?|[A-E]\.zeros)$/u;

/** Fields that every method of PEFT has, and AdaLoRA's that are LoRA's too. */
const CARRIED = [
  "auto_mapping",
  "base_model_name_or_path",
  "bias",
  "exclude_modules",
  "fan_in_fan_out",
  "inference_mode",
  "layers_pattern",
  "layers_to_transform",
  "modules_to_save",
  "peft_version",
  "revision",
  "target_modules",
  "task_type",
];

/**
 * AdaLoRA, LoHa, LoKr, OFT, BOFT, GLoRA and (IA)³ of HF PEFT: their own parameters, rank and alpha in `adapter_config.json`. Changed modules are
 * plain pairs, so what is written is a LoRA of PEFT, with a configuration that says so.
 */
export const peftMethods: Dialect = {
  id: "peft-methods",
  title: "PEFT's AdaLoRA, LoHa, LoKr, OFT, BOFT, GLoRA and (IA)³ (written as LoRA)",
  source:
    "https://github.com/huggingface/peft src/peft/tuners/{adalora,loha,lokr,oft,boft,glora,ia3}/layer.py",
  keepsEveryModule: true,
  distinct: false,
  score(names, file) {
    const counted = census(names, peftMethods.parse);
    // What GLoRA changes of biases, and what it does not use, are names of the dialect, too.
    const beside = counted.claimed === 0 ? 0 : names.filter((name) => GLORA_BESIDE.test(name)).length;
    const claimed = counted.claimed + beside;
    const found = { ...counted, claimed, share: names.length === 0 ? 0 : claimed / names.length };
    const own = names.filter((name) => isOwn(name)).length;
    const type = peftType(file);
    if (own === 0 || type === "LORA") return { dialect: "peft-methods", confidence: 0, reasons: [] };
    const reasons = [`${own} parameters of methods besides LoRA under ${PREFIX}`];
    if (type !== undefined) reasons.push(`${PEFT_CONFIG} says ${type}`);
    return detection("peft-methods", names, { census: found, weight: 0.98, reasons });
  },
  parse(name) {
    const parsed = parseEnding(SPELLINGS, name);
    const isRead =
      parsed !== undefined && !NOT_OF_PEFT.includes(parsed.part) && parsed.module.startsWith(PREFIX);
    return isRead && parsed.module.length > PREFIX.length ? parsed : undefined;
  },
  print: (module, part, spelling) => printEnding(SPELLINGS, module, { part, spelling }),
  place: (module) => ({ component: "model", path: module.slice(PREFIX.length) }),
  scaling(file) {
    const fields = fieldsOf(file);
    const { of, scales } = methodScales(fields);
    const saved = fields["modules_to_save"];
    return {
      of: ({ path }) => of(path),
      at: (module, rank) => configuredAt(scales, module, rank),
      settings: (module) => methodSettings(fields, module),
      transposed: fields["fan_in_fan_out"] === true,
      savedWhole: Array.isArray(saved) ? saved.filter((one) => typeof one === "string") : [],
      warnings: [],
    };
  },
  texts: loraTexts,
};

function isOwn(name: string): boolean {
  const parsed = peftMethods.parse(name);
  return parsed !== undefined && parsed.spelling !== "plain";
}

function fieldsOf(file: TensorFile): JsonObject {
  const text = file.sidecars.get(PEFT_CONFIG);
  if (text === undefined) throw missingConfig(file);
  const fields = parseObject(text, PEFT_CONFIG);
  const type = fields["peft_type"];
  if (type !== "LORA" && typeof type === "string" && isReadMethod(type)) return fields;
  throw new LoraError(
    "FORMAT",
    `the tensors are those of a method besides LoRA, and ${PEFT_CONFIG} says ${JSON.stringify(type) ?? "nothing"}`,
    { file: file.name, sidecar: PEFT_CONFIG, peftType: type },
  );
}

/** The side file as that of a LoRA: PEFT has one method a file, so all modules must have become pairs. */
function loraTexts(file: TensorFile, modules: readonly WrittenModule[]): Texts {
  demandAllPairs(modules);
  const fields = fieldsOf(file);
  const carried = Object.fromEntries(
    CARRIED.filter((field) => Object.hasOwn(fields, field)).map((field) => [field, fields[field]]),
  );
  const updated = updatedScales({ ...carried, peft_type: "LORA" }, scalesByPath(modules));
  const { config } = loraConfigOf(updated, PEFT_CONFIG);
  return {
    metadata: file.metadata,
    sidecars: new Map(file.sidecars).set(PEFT_CONFIG, printLoraConfig(config)),
  };
}

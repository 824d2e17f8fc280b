import { loraConfig } from "../config/resolve-lora-config.ts";
import { isObject } from "../config/field-type.ts";
import { parseObject } from "../config/json-text.ts";
import { PEFT_CONFIG, printLoraConfig } from "../config/lora-config-text.ts";
import { pythonJson } from "../config/python-json.ts";
import { updatedScales } from "../config/updated-scales.ts";
import { magnitudeVector } from "./_magnitudes.ts";
import { PIPELINE } from "./_pipeline.ts";
import { plainMetadata } from "./_plain-metadata.ts";
import { pipelineComponent, type TextsOf, type Writer } from "./_writer.ts";

const PREFIX = "base_model.model.";

/** Fields of another configuration of PEFT that stay true. */
const KEPT = ["auto_mapping", "base_model_name_or_path", "revision", "task_type", "lora_dropout"];

export const peft: Writer = {
  id: "peft",
  consumers: "PEFT, transformers, vLLM, text-generation-inference",
  limits: "one model a file: components of a pipeline become the first part of its paths",
  container: "safetensors",
  scales: "config",
  magnitudes: magnitudeVector,
  oneRank: false,
  underscored: false,
  naming: () => "library",
  name({ component, path, layer }, { architecture, components }) {
    const part = components.length > 1 ? (PIPELINE[pipelineComponent(component, architecture)] ?? "") : "";
    return { module: PREFIX + part + path, spelling: layer === "embedding" ? "embedding" : undefined };
  },
  texts(of) {
    return {
      metadata: new Map([...plainMetadata(of.metadata), ["format", "pt"]]),
      sidecars: new Map([[PEFT_CONFIG, configText(of)]]),
    };
  },
};

function configText({ modules, source, magnitudes }: TextsOf): string {
  const config = loraConfig({
    ...keptFields(source),
    inference_mode: true,
    use_dora: magnitudes,
    fan_in_fan_out: modules.some(({ transposed }) => transposed),
    target_modules: modules.map(({ path }) => path),
  });
  const scales = new Map(modules.map(({ path, rank, scale }) => [path, { rank, alpha: scale * rank }]));
  const fields = updatedScales(parseObject(printLoraConfig(config), PEFT_CONFIG), scales);
  return pythonJson(fields, { sorted: true });
}

function keptFields({ sidecars }: TextsOf["source"]): Record<string, unknown> {
  const text = sidecars.get(PEFT_CONFIG);
  const fields = text === undefined ? undefined : parseObject(text, PEFT_CONFIG);
  if (!isObject(fields) || typeof fields["peft_type"] !== "string") return {};
  return Object.fromEntries(Object.entries(fields).filter(([field]) => KEPT.includes(field)));
}

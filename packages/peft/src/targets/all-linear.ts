import type { TaskType } from "../config/lora-config.ts";
import type { ModelDescription } from "./model-description.ts";

/** Where transformers keeps the head of a classifier. */
const CLASSIFIER_HEADS = ["score", "classifier"];

/** Whether targets are written as the one word that means every linear layer. */
export function isAllLinear(targets: readonly string[] | string | null): boolean {
  return typeof targets === "string" && targets.toLowerCase() === "all-linear";
}

/**
 * Every linear layer of a model, without the head of a model of transformers: its output embedding, or, where it has
 * none and is to classify sequences, its classifier.
 *
 * @see peft/tuners/tuners_utils.py _maybe_include_all_linear_layers
 */
export function allLinear(model: ModelDescription, taskType: TaskType | null): readonly string[] {
  const head = headOf(model, taskType);
  return model.modules
    .filter(({ kind }) => kind === "linear" || kind === "transposed-linear")
    .map(({ name }) => name)
    .filter((name) => name !== head);
}

function headOf(model: ModelDescription, taskType: TaskType | null): string | undefined {
  if (model.isPretrained !== true) return undefined;
  if (model.outputEmbedding !== undefined) return model.outputEmbedding;
  if (taskType !== "SEQ_CLS") return undefined;
  return CLASSIFIER_HEADS.find((head) => model.modules.some(({ name }) => name === head));
}

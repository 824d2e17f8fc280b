import type { LoraConfig, TaskType } from "../config/lora-config.ts";
import type { ModelDescription, ModuleDescription } from "./model-description.ts";
import { namedTargets } from "./named-targets.ts";

/** Heads that are new for a task, and therefore trained and saved whole. */
const HEADS: Partial<Record<TaskType, readonly string[]>> = {
  SEQ_CLS: ["classifier", "score"],
  TOKEN_CLS: ["classifier", "score"],
  QUESTION_ANS: ["qa_outputs"],
};

/**
 * The configuration with what PEFT fills in from the model before it looks for targets: targets by name, and the heads
 * of its task among `modules_to_save`. PEFT does the latter before only for SEQ_CLS; here no head of any task is adapted
 * and saved whole at once.
 *
 * @throws LoraError MISSING when no targets are given and the type of model has no defaults
 */
export function completeConfig(config: LoraConfig, model: ModelDescription): LoraConfig {
  const heads = config.task_type === null ? undefined : HEADS[config.task_type];
  const named = namedTargets(config, model);
  if (heads === undefined) return named;
  return { ...named, modules_to_save: [...new Set([...(config.modules_to_save ?? []), ...heads])] };
}

/** The configuration with `fan_in_fan_out` as the last linear target stores its weight, as PEFT leaves it. */
export function withOrientation(config: LoraConfig, targets: readonly ModuleDescription[]): LoraConfig {
  const linear = targets.filter(({ kind }) => kind === "linear" || kind === "transposed-linear");
  const last = linear.at(-1);
  return last === undefined ? config : { ...config, fan_in_fan_out: last.kind === "transposed-linear" };
}

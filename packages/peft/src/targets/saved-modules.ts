import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import type { ModelDescription } from "./model-description.ts";
import { nearestNames } from "./nearest-names.ts";

/** Rows of an embedding that are trained and saved. */
export interface TrainedTokens {
  readonly module: string;
  readonly indices: readonly number[];
}

/** Where PEFT looks for tokens in a model that does not say. */
const DEFAULT_EMBEDDING = "embed_tokens";

/**
 * The modules that `modules_to_save` means: those whose names end so, also within a segment, as in PEFT.
 *
 * @see peft/utils/other.py _set_trainable
 */
export function savedModules(config: LoraConfig, model: ModelDescription): readonly string[] {
  return ending(model, config.modules_to_save ?? []);
}

/**
 * The rows that `trainable_token_indices` means: a list those of the input embedding, an object those of each module
 * whose name ends so.
 *
 * @throws LoraError USAGE when a module is also saved whole; MISSING when no module has the name
 * @see peft/utils/other.py set_additional_trainable_modules
 */
export function trainedTokens(config: LoraConfig, model: ModelDescription): readonly TrainedTokens[] {
  const given = config.trainable_token_indices;
  if (given === null) return [];
  const byName = isList(given) ? { [model.inputEmbedding ?? DEFAULT_EMBEDDING]: given } : given;
  return Object.entries(byName).flatMap(([name, indices]) => {
    if (config.modules_to_save?.includes(name) === true) throw savedTwice(name);
    const modules = ending(model, [name]);
    if (modules.length === 0) throw noEmbedding(name, model);
    return modules.map((module) => ({ module, indices }));
  });
}

function ending(model: ModelDescription, ends: readonly string[]): string[] {
  return model.modules.map(({ name }) => name).filter((name) => ends.some((end) => name.endsWith(end)));
}

function isList(
  value: readonly number[] | Readonly<Record<string, readonly number[]>>,
): value is readonly number[] {
  return Array.isArray(value);
}

function savedTwice(name: string): LoraError {
  return new LoraError("USAGE", `${name} is to be saved whole, and its tokens by themselves`, {
    module: name,
    advice: "name it in modules_to_save or in trainable_token_indices",
  });
}

function noEmbedding(name: string, model: ModelDescription): LoraError {
  const nearest = nearestNames([name], model);
  return new LoraError(
    "MISSING",
    `no module of the model is called ${name}, whose tokens are to be trained`,
    {
      module: name,
      nearest,
      advice: nearest.length === 0 ? undefined : `the most alike: ${nearest.join(", ")}`,
    },
  );
}

import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import type { ModelDescription } from "./model-description.ts";
import { nearestNames } from "./nearest-names.ts";

/** Rows of an embedding that are trained and saved. */
export interface TrainedTokens {
  readonly module: string;
  readonly indices: readonly number[];
  /** The module whose rows these are, where it shares them. */
  readonly sharedWith?: string;
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
 * @param adapted names of modules that get factors
 * @throws LoraError USAGE when a module is also saved whole or adapted, or shares its weight with one of other tokens; MISSING when
 *   no module has the name
 * @see peft/utils/other.py set_additional_trainable_modules
 */
export function trainedTokens(
  config: LoraConfig,
  model: ModelDescription,
  adapted: ReadonlySet<string>,
): readonly TrainedTokens[] {
  const given = config.trainable_token_indices;
  if (given === null) return [];
  const byName = isList(given) ? { [model.inputEmbedding ?? DEFAULT_EMBEDDING]: given } : given;
  const tied = tiedNames(byName, config, model);
  const own = Object.entries(byName).filter(([name]) => !tied.skipped.includes(name));
  const found = own.flatMap(([name, indices]) => {
    if (config.modules_to_save?.includes(name) === true) throw savedTwice(name);
    const modules = ending(model, [name]);
    if (modules.length === 0) throw noEmbedding(name, model);
    const both = modules.find((module) => adapted.has(module));
    if (both !== undefined) throw adaptedToo(both);
    return modules.map((module) => ({ module, indices }));
  });
  const embedding = found.find(({ module }) => module === model.inputEmbedding);
  if (embedding === undefined || tied.differ) return found;
  const { module: sharedWith, indices } = embedding;
  return [...found, ...(model.tied ?? []).map((module) => ({ module, indices, sharedWith }))];
}

/** Names of modules that share the embedding's weight: skipped where they name the same rows, by themselves otherwise. */
function tiedNames(
  byName: Readonly<Record<string, readonly number[]>>,
  config: LoraConfig,
  { inputEmbedding, tied = [] }: ModelDescription,
): { skipped: readonly string[]; differ: boolean } {
  const isTied = (name: string): boolean =>
    inputEmbedding?.endsWith(name) === true ||
    tied.some((module) => module.endsWith(name) || module.split(".").includes(name));
  const names = tied.length === 0 ? [] : Object.keys(byName).filter(isTied);
  const [first] = names;
  const differ = names.some((name) => JSON.stringify(byName[name]) !== JSON.stringify(byName[first!]));
  if (differ && config.ensure_weight_tying) {
    throw new LoraError("USAGE", `${names.join(" and ")} share one weight, and name different tokens`, {
      trainable_token_indices: config.trainable_token_indices,
      advice: "name the same tokens, or leave ensure_weight_tying out",
    });
  }
  return { skipped: differ || names.length < 2 ? [] : names.filter((name) => tied.includes(name)), differ };
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

function adaptedToo(module: string): LoraError {
  return new LoraError("USAGE", `${module} is adapted, and its tokens cannot be trained by themselves`, {
    module,
    advice: "leave it out of target_modules or of trainable_token_indices",
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

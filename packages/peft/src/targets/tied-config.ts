import type { LoraConfig } from "../config/lora-config.ts";
import { byCodePoint } from "../config/python-json.ts";
import { pythonFullMatch, pythonMatch } from "../config/python-pattern.ts";
import type { ModelDescription } from "./model-description.ts";

/** A configuration of which the modules that share the weight of the input embedding are set apart. */
export interface TiedConfig {
  readonly config: LoraConfig;
  /** They get the adapter of the embedding. */
  readonly modules: readonly string[];
  /** They get the copy of the embedding that is trained whole. */
  readonly saved: readonly string[];
  readonly warnings: readonly string[];
}

/** By these names PEFT knows that a configuration means an embedding. */
const EMBEDDINGS = ["embed_tokens", "lm_head"];

/**
 * With `ensure_weight_tying`, the input embedding is the target, or is saved, in place of all that share its weight.
 *
 * @see peft/tuners/tuners_utils.py BaseTuner._check_tied_modules
 */
export function tiedConfig(config: LoraConfig, model: ModelDescription): TiedConfig {
  const tied = model.tied ?? [];
  const isSaved = meansEmbedding(config.modules_to_save);
  const isTarget = meansEmbedding(config.target_modules);
  const plain = { config, modules: [], saved: [], warnings: [] };
  if (!config.ensure_weight_tying) {
    return tied.length > 0 && (isSaved || isTarget) ? { ...plain, warnings: [notTied(tied)] } : plain;
  }
  const embedding = model.inputEmbedding;
  if (tied.length === 0 || embedding === undefined) {
    return {
      ...plain,
      warnings: ["ensure_weight_tying has no effect: no module shares the weight of the embedding"],
    };
  }
  if (isSaved) {
    const names = config.modules_to_save ?? [];
    const all = names.includes(embedding) ? names : [...names, embedding];
    return { ...plain, config: { ...config, modules_to_save: without(all, tied) }, saved: tied };
  }
  if (isTarget) {
    return {
      ...plain,
      config: { ...config, target_modules: withEmbedding(config, embedding, tied) },
      modules: tied,
    };
  }
  return {
    ...plain,
    warnings: [`ensure_weight_tying has no effect: neither ${EMBEDDINGS.join(" nor ")} is adapted or saved`],
  };
}

function meansEmbedding(names: readonly string[] | string | null): boolean {
  if (names === null) return false;
  if (typeof names === "string") return EMBEDDINGS.some(pythonFullMatch(names));
  return names.some((name) => EMBEDDINGS.includes(name.slice(name.lastIndexOf(".") + 1)));
}

function withEmbedding(
  { target_modules: targets }: LoraConfig,
  embedding: string,
  tied: readonly string[],
): readonly string[] | string {
  if (typeof targets === "string") return `(?:${targets}|^${embedding.replaceAll(".", String.raw`\.`)}$)`;
  return [...without([...new Set([...(targets ?? []), embedding])], tied)].sort(byCodePoint);
}

/** The names without the first that means each of the tied modules. */
function without(names: readonly string[], tied: readonly string[]): readonly string[] {
  return tied.reduce<readonly string[]>((left, module) => {
    const found = left.findIndex(
      (name) => pythonMatch(String.raw`(^|.*\.)${name}($|\..*)`, name)(module) !== undefined,
    );
    return left.filter((_, index) => index !== found);
  }, names);
}

function notTied(tied: readonly string[]): string {
  return (
    `${tied.join(", ")} shares the weight of the embedding, and an adapter of one of them is not one of the other: ` +
    "set ensure_weight_tying, or merge with care"
  );
}

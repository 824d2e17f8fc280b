import type { LazyTensor } from "@lora/tensor";
import { LoraError, shapeText } from "@lora/tensor";
import type { ResolvedTargets } from "../targets/resolve-targets.ts";
import { PREFIX } from "./adapter-keys.ts";

/** A tensor of an adapter that takes the place of one of the base, or of some of its rows. */
export interface KeptPart {
  /** PEFT's name for it. */
  readonly key: string;
  readonly tensor: LazyTensor;
  /** Names of the tensors of the base: several where they are one weight. */
  readonly targets: readonly string[];
  /** The rows that it takes the place of: tokens of an embedding. All when left out. */
  readonly rows?: readonly number[];
}

/** What an adapter keeps beside its factors: modules saved whole, and tokens that were trained. */
export type KeptModules = Pick<ResolvedTargets, "saved" | "tokens">;

/** Kept parts out of the tensors of an adapter. */
export interface FoundParts {
  readonly parts: readonly KeptPart[];
  /** Names that are not there. */
  readonly missing: readonly string[];
}

/**
 * Finds what an adapter keeps by PEFT's names. Which tensors a module saved whole has is not known: those that are there count.
 *
 * @throws LoraError SHAPE when there is not one row for each token
 */
export function keptParts(
  { saved, tokens }: KeptModules,
  tensors: ReadonlyMap<string, LazyTensor>,
): FoundParts {
  const whole = [...tensors].flatMap(([key, tensor]) => {
    const isSaved = saved.some((module) => key.startsWith(`${PREFIX}${module}.`));
    return isSaved ? [{ key, tensor, targets: [key.slice(PREFIX.length)] }] : [];
  });
  const own = tokens.filter(({ sharedWith }) => sharedWith === undefined);
  const wanted = own.map(({ module, indices }) => {
    const sharing = tokens.filter(({ sharedWith }) => sharedWith === module).map((other) => other.module);
    const key = `${PREFIX}${module}.token_adapter.trainable_tokens_delta`;
    return { key, rows: indices, targets: [module, ...sharing].map((name) => `${name}.weight`) };
  });
  const found = wanted.flatMap((part): KeptPart[] => {
    const tensor = tensors.get(part.key);
    return tensor === undefined ? [] : [demandRows({ ...part, tensor })];
  });
  const missing = wanted.map(({ key }) => key).filter((key) => !tensors.has(key));
  return { parts: [...whole, ...found], missing };
}

function demandRows<Part extends KeptPart>(part: Part): Part {
  const { key, tensor, rows = [] } = part;
  if (tensor.shape.length === 2 && tensor.shape[0] === rows.length) return part;
  throw new LoraError(
    "SHAPE",
    `${key} is ${shapeText(tensor.shape)}, and ${rows.length} tokens are trained`,
    {
      tensor: key,
      tokens: rows.length,
      advice: "check trainable_token_indices",
    },
  );
}

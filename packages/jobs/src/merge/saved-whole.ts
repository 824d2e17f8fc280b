import { type Adapter, type ExtraTensor, type NamedTensor, parseLoraConfig } from "@lora/peft";
import { DTYPES, sameShape, shapeText, type TensorFile } from "@lora/tensor";
import { isKeptWhole, targetName } from "../kept-whole.ts";
import type { Companions } from "./companions.ts";

interface Place {
  readonly base: TensorFile;
  readonly weight: number;
  readonly companions: ReadonlyMap<string, Companions>;
  /** Names of tensors that are added elsewhere. */
  readonly added: ReadonlySet<string>;
}

/** Tensors that an adapter keeps whole, and what becomes of them. */
export interface SavedWhole {
  readonly replaced: readonly (ReplacedPart & { readonly by: NamedTensor })[];
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

/** The tensor of the base that is replaced, or only these rows of it. */
interface ReplacedPart {
  readonly target: string;
  readonly rows?: readonly number[] | undefined;
}

/**
 * PEFT's `modules_to_save` and trained biases: they take the place of the base's tensors of their names; trained tokens that of
 * rows of the embedding.
 */
export function savedWhole(adapter: Adapter, { base, weight, companions, added }: Place): SavedWhole {
  const beside = new Set(
    [...companions.values()].flatMap(({ magnitude, bias }) => [magnitude?.name, bias?.name]),
  );
  const replaced: (ReplacedPart & { by: NamedTensor })[] = [];
  const leftOut: { name: string; why: string }[] = [];
  for (const extra of adapter.extras) {
    if (beside.has(extra.name) || added.has(extra.name)) continue;
    const part = trainedTokens(extra, adapter) ?? { target: targetName(extra.name) };
    const why = whyNot(extra, part, { base, weight });
    if (why === undefined) replaced.push({ ...part, by: extra });
    else leftOut.push({ name: extra.name, why });
  }
  return { replaced, leftOut };
}

const TOKENS = /^base_model\.model\.(.+)\.token_adapter\.trainable_tokens_delta$/u;

/** The rows that PEFT's configuration says these are; undefined for what are no tokens. */
function trainedTokens({ name }: ExtraTensor, { file }: Adapter): Required<ReplacedPart> | undefined {
  const module = TOKENS.exec(name)?.[1];
  const text = file.sidecars.get("adapter_config.json");
  if (module === undefined || text === undefined) return undefined;
  const given = parseLoraConfig(text).config.trainable_token_indices ?? [];
  const rows = isList(given) ? given : Object.entries(given).find(([end]) => module.endsWith(end))?.[1];
  return { target: `${module}.weight`, rows: rows ?? [] };
}

function isList(
  value: readonly number[] | Readonly<Record<string, readonly number[]>>,
): value is readonly number[] {
  return Array.isArray(value);
}

function whyNot(
  extra: ExtraTensor,
  { target, rows }: ReplacedPart,
  { base, weight }: Pick<Place, "base" | "weight">,
): string | undefined {
  const { why, tensor } = extra;
  if (rows === undefined && !isKeptWhole(extra)) return why;
  const present = base.tensors.get(target);
  if (present === undefined) return `${why}; the base has no ${target}`;
  const wanted = rows === undefined ? present.shape : [rows.length, ...present.shape.slice(1)];
  if (!sameShape(wanted, tensor.shape))
    return `${why}; it is ${shapeText(tensor.shape)}, the base has ${shapeText(wanted)}`;
  if (weight !== 1) return `${why}; only with weight 1 does it take the place of the base's`;
  const floats = [present, tensor].every(({ dtype }) => DTYPES[dtype].kind === "float");
  return floats ? undefined : `${why}; it is not of a type of floats`;
}

import type { Adapter, ExtraTensor, NamedTensor } from "@lora/peft";
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
  readonly replaced: readonly { readonly target: string; readonly by: NamedTensor }[];
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

/** PEFT's `modules_to_save` and trained biases: they take the place of the base's tensors of their names. */
export function savedWhole(adapter: Adapter, { base, weight, companions, added }: Place): SavedWhole {
  const beside = new Set(
    [...companions.values()].flatMap(({ magnitude, bias }) => [magnitude?.name, bias?.name]),
  );
  const replaced: { target: string; by: NamedTensor }[] = [];
  const leftOut: { name: string; why: string }[] = [];
  for (const extra of adapter.extras) {
    if (beside.has(extra.name) || added.has(extra.name)) continue;
    const target = targetName(extra.name);
    const why = whyNot(extra, target, { base, weight });
    if (why === undefined) replaced.push({ target, by: extra });
    else leftOut.push({ name: extra.name, why });
  }
  return { replaced, leftOut };
}

function whyNot(
  extra: ExtraTensor,
  target: string,
  { base, weight }: Pick<Place, "base" | "weight">,
): string | undefined {
  const { why, tensor } = extra;
  if (!isKeptWhole(extra)) return why;
  const present = base.tensors.get(target);
  if (present === undefined) return `${why}; the base has no ${target}`;
  if (!sameShape(present.shape, tensor.shape))
    return `${why}; it is ${shapeText(tensor.shape)}, the base has ${shapeText(present.shape)}`;
  if (weight !== 1) return `${why}; only with weight 1 does it take the place of the base's`;
  const floats = [present, tensor].every(({ dtype }) => DTYPES[dtype].kind === "float");
  return floats ? undefined : `${why}; it is not of a type of floats`;
}

import {
  type Adapter,
  type AdapterModule,
  kindById,
  pairWithBase,
  type PairedWeight,
  type UnpairedModule,
} from "@lora/peft";
import { DTYPES, type LazyTensor, LoraError, sameShape, type TensorFile } from "@lora/tensor";
import { replacedTwice } from "../kept-whole.ts";
import type { Contribution, Replacement, RowsChange, TensorChange } from "./change.ts";
import { type Companions, companionsOf } from "./companions.ts";
import { type SavedWhole, savedWhole } from "./saved-whole.ts";
import { vectorDifferences } from "./vector-differences.ts";

/** An adapter and how strongly it is merged. */
export interface WeightedAdapter {
  readonly adapter: Adapter;
  readonly weight: number;
}

/** A tensor of an adapter that is in no weight of the output. */
export interface LeftOut {
  readonly adapter: string;
  readonly name: string;
  readonly why: string;
}

/** What becomes of every tensor of a base. */
export interface MergePlan {
  /** By name of the base tensor. */
  readonly changes: ReadonlyMap<string, TensorChange>;
  readonly unpaired: readonly (UnpairedModule & { readonly adapter: string })[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Finds the base tensors that adapters change. Headers only.
 *
 * @throws LoraError SHAPE where a weight of a module's name has another shape; UNSUPPORTED for weights that are no floats,
 *   biases without one to go into, magnitudes together with other updates, what
 *   is replaced by one adapter and changed by another; MISSING where no module finds its weight
 */
export function mergePlan(base: TensorFile, adapters: readonly WeightedAdapter[]): MergePlan {
  const adding = new Map<string, Map<string, RowsChange>>();
  const replaced = new Map<string, Replacement>();
  const unpaired: (UnpairedModule & { adapter: string })[] = [];
  const leftOut: LeftOut[] = [];
  for (const { adapter, weight } of adapters) {
    const file = adapter.file.name;
    const companions = companionsOf(adapter);
    const pairing = pairWithBase(adapter, base);
    unpaired.push(...pairing.unpaired.map((module) => ({ ...module, adapter: file })));
    for (const module of adapter.modules) {
      const pair = pairing.pairs.get(module.name);
      if (pair === undefined) continue;
      const beside = companions.get(module.name);
      const isFromBase = kindById(module.kind).needsBase === true;
      // Where the whole update is made from the weight, its magnitudes are in it.
      const magnitude = isFromBase ? undefined : beside?.magnitude;
      const contribution = { module, file, weight, magnitude, isFromBase };
      add(adding, pair, contribution);
      if (scalesOutputs(module)) scaleBias(adding, { base, pair }, contribution);
      if (beside?.bias !== undefined) addBias(adding, { base, pair, module, beside }, contribution);
    }
    const vectors = vectorDifferences(adapter, base);
    for (const { extra, module, pair } of vectors)
      add(adding, pair, { module, file, weight, bias: extra, isFromBase: false });
    const added = new Set(vectors.map(({ extra }) => extra.name));
    const whole = savedWhole(adapter, { base, weight, companions, added });
    replace(replaced, whole, file);
    leftOut.push(...whole.leftOut.map((one) => ({ ...one, adapter: file })));
  }
  if (adding.size + replaced.size === 0) throw nothingToMerge(base, unpaired);
  refuseAddedToReplaced(adding, replaced);
  const added = [...adding].map(
    ([name, parts]) => [name, { kind: "add", parts: [...parts.values()] }] as const,
  );
  return { changes: new Map<string, TensorChange>([...added, ...replaced]), unpaired, leftOut };
}

function replace(replaced: Map<string, Replacement>, { replaced: parts }: SavedWhole, file: string): void {
  for (const { target, ...part } of parts) {
    const before = replaced.get(target);
    if (before !== undefined) throw replacedTwice(target, [before.file, file]);
    replaced.set(target, { kind: "replace", ...part, file });
  }
}

/** Whatever the order, one of the two would be lost. */
function refuseAddedToReplaced(
  adding: ReadonlyMap<string, unknown>,
  replaced: ReadonlyMap<string, Replacement>,
): void {
  for (const [tensor, { file }] of replaced) {
    if (!adding.has(tensor)) continue;
    throw new LoraError(
      "UNSUPPORTED",
      `${tensor} is replaced by one adapter, and another update is added to it`,
      {
        tensor,
        file,
        advice: "merge them one after the other, in the order that is meant",
      },
    );
  }
}

function add(
  adding: Map<string, Map<string, RowsChange>>,
  { name, tensor, rows = [0, tensor.shape[0]!], transposed }: PairedWeight,
  contribution: Contribution,
): void {
  demandFloats(name, tensor);
  const parts = adding.get(name) ?? new Map<string, RowsChange>();
  const key = rows.join(":");
  const contributions = [...(parts.get(key)?.contributions ?? []), contribution];
  const first = contributions.find(({ magnitude, isFromBase }) => isFromBase || magnitude !== undefined);
  if (contributions.length > 1 && first !== undefined) {
    const what = first.isFromBase ? kindById(first.module.kind).title : "DoRA";
    throw new LoraError(
      "UNSUPPORTED",
      `${what} shares a weight with another update, and their order matters`,
      {
        tensor: name,
        modules: contributions.map(({ module, file }) => `${module.name} of ${file}`),
        advice: "merge them one after the other",
      },
    );
  }
  adding.set(name, parts.set(key, { rows, transposed, contributions }));
}

/** Whether a module multiplies the outputs of its layer, and with them a bias. */
export function scalesOutputs({ kind, shape: [out, width], settings }: AdapterModule): boolean {
  const isConvolution = out === 0 && width === 0;
  return kind === "ia3" && (isConvolution ? settings?.onInput !== true : out !== 0);
}

/** (IA)³ of PEFT multiplies outputs with their bias, where the layer has one. */
function scaleBias(
  adding: Map<string, Map<string, RowsChange>>,
  { base, pair: { name, rows } }: Pick<BiasPlace, "base" | "pair">,
  contribution: Contribution,
): void {
  const bias = name.replace(/\.weight$/u, ".bias");
  const tensor = bias === name ? undefined : base.tensors.get(bias);
  if (tensor === undefined) return;
  add(
    adding,
    { name: bias, tensor, transposed: false, ...(rows === undefined ? {} : { rows }) },
    contribution,
  );
}

interface BiasPlace {
  readonly base: TensorFile;
  readonly pair: PairedWeight;
  readonly module: AdapterModule;
  readonly beside: Companions;
}

function addBias(
  adding: Map<string, Map<string, RowsChange>>,
  { base, pair, module, beside }: BiasPlace,
  contribution: Contribution,
): void {
  const name = pair.name.replace(/\.weight$/u, ".bias");
  const tensor = name === pair.name ? undefined : base.tensors.get(name);
  if (tensor === undefined) {
    throw new LoraError("UNSUPPORTED", "the adapter has a bias, and the base has none for it to go into", {
      tensor: beside.bias!.name,
      module: module.name,
      advice: "merge into a base whose layer has a bias",
    });
  }
  const rows = pair.rows;
  add(
    adding,
    { name, tensor, transposed: false, ...(rows === undefined ? {} : { rows }) },
    { ...contribution, bias: beside.bias, magnitude: undefined, isFromBase: false },
  );
}

function demandFloats(name: string, { dtype, storedAs, shape }: LazyTensor): void {
  if (DTYPES[dtype].kind === "float" && !sameShape(shape, [])) return;
  throw new LoraError("UNSUPPORTED", `an update cannot be added to values of ${storedAs ?? dtype}`, {
    tensor: name,
    dtype: storedAs ?? dtype,
    advice: "merge into the base as it was before it was quantised",
  });
}

function nothingToMerge(base: TensorFile, unpaired: readonly UnpairedModule[]): LoraError {
  const [first] = unpaired;
  return new LoraError("MISSING", `none of the ${unpaired.length} modules has its weight in the base`, {
    file: base.name,
    module: first?.module,
    reason: first?.reason,
    nearest: first?.nearest,
    advice: "give the base model this adapter was trained on",
  });
}

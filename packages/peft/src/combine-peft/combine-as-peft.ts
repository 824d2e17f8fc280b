import {
  columns,
  type EngineOptions,
  type Float64Matrix,
  type Matrix,
  multiply,
  productSvd,
  scaledColumns,
  stackColumns,
  stackRows,
  scaled,
  type Svd,
  svd,
  transpose,
  wideMatrix,
  zeros,
} from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { WeightedUpdate } from "../combine/index.ts";
import { stackedFactors } from "../combine/index.ts";
import { clamped } from "./clamped.ts";
import { PEFT_COMBINATIONS, type PeftCombinationName } from "./combinations.ts";
import type { PeftFactors } from "./peft-factors.ts";
import { type DrawMask, mergeTasks, type TaskOptions } from "./task-tensors.ts";

/** What `add_weighted_adapter` may be told. */
export interface CombineAsPeftOptions extends EngineOptions {
  /** Rank of a decomposition; the largest rank of the updates when left out. */
  readonly svdRank?: number | undefined;
  /** Quantile of all factor entries beyond which they are clamped. */
  readonly svdClamp?: number | undefined;
  readonly density?: number | undefined;
  readonly sign?: "total" | "frequency" | undefined;
  /** Where PEFT draws from torch: for each adapter in turn, first all down factors, then all up factors, or the updates. */
  readonly draw: DrawMask;
}

/**
 * The factors that PEFT 0.21 gives a module, its faults included: all types but `cat` and those with `svd` merge down and
 * up factors apart, so that the result has cross terms and depends on how an update was factored. One adapter alone
 * is `linear`. Singular vectors are PEFT's up to the sign of a pair.
 *
 * @throws LoraError USAGE when a type that prunes has no density, or it is below 0; SHAPE when factors that are merged
 *   apart have different ranks, or a decomposition more pairs than there are
 * @see huggingface/peft src/peft/tuners/lora/model.py add_weighted_adapter, utils/merge_utils.py
 */
export function combineAsPeft(
  name: PeftCombinationName,
  parts: readonly WeightedUpdate[],
  options: CombineAsPeftOptions,
): PeftFactors {
  const combination = PEFT_COMBINATIONS[name];
  if (combination.merge === "stack") return concatenated(parts);
  const task = taskOptions(name, options);
  if (!combination.onUpdates) return mergedApart(name, parts, task);
  const { engine } = options;
  const rank = options.svdRank ?? Math.max(...parts.map(({ update }) => update.up.cols));
  if (combination.prune === "none") {
    const { up, down } = stackedFactors(parts);
    return decomposed(productSvd(up, down, { engine }), { ...options, svdRank: rank });
  }
  const dense = parts.map(({ update: { up, down, scale } }) => multiply(up, down, { alpha: scale, engine }));
  const data = mergeTasks(
    combination,
    { tensors: dense.map((each) => each.data), weights: parts.map(({ weight }) => weight) },
    task,
  );
  return decomposed(svd({ ...dense[0]!, data }, { engine }), { ...options, svdRank: rank });
}

function taskOptions(
  name: PeftCombinationName,
  { density, sign = "total", draw }: CombineAsPeftOptions,
): TaskOptions {
  if (PEFT_COMBINATIONS[name].prune === "none") return { density: 1, sign, draw };
  if (density === undefined || density < 0) {
    throw new LoraError("USAGE", `${name} needs a density of at least 0, and has ${density ?? "none"}`, {
      advice: "give the share of entries that stays, e.g. --density 0.5",
    });
  }
  return { density, sign, draw };
}

/** A = [wᵢ·sᵢ·Aᵢ], B = [Bᵢ] */
function concatenated(parts: readonly WeightedUpdate[]): PeftFactors {
  return {
    up: stackColumns(parts.map(({ update }) => wideMatrix(update.up))),
    down: stackRows(
      parts.map(({ update, weight }) => scaled(wideMatrix(update.down), weight * update.scale)),
    ),
  };
}

function mergedApart(
  name: PeftCombinationName,
  parts: readonly WeightedUpdate[],
  task: TaskOptions,
): PeftFactors {
  const ranks = parts.map(({ update }) => update.up.cols);
  if (ranks.some((rank) => rank !== ranks[0])) {
    throw new LoraError(
      "SHAPE",
      `PEFT's ${name} needs adapters of one rank, and these have ${ranks.join(", ")}`,
      {
        ranks,
        advice: "use svd or cat, or leave --compat peft out: the methods themselves take any ranks",
      },
    );
  }
  const gains = parts.map(({ update, weight }) => weight * update.scale);
  const roots = gains.map((gain) => Math.sqrt(Math.abs(gain)));
  const merged = (matrices: readonly Matrix[], weights: readonly number[]): Float64Matrix => {
    const tensors = matrices.map(({ data }) => Float64Array.from(data));
    return { ...matrices[0]!, data: mergeTasks(PEFT_COMBINATIONS[name], { tensors, weights }, task) };
  };
  const down = merged(
    parts.map(({ update }) => wideMatrix(update.down)),
    roots.map((root, i) => (gains[i]! < 0 ? -root : root)),
  );
  return {
    down,
    up: merged(
      parts.map(({ update }) => wideMatrix(update.up)),
      roots,
    ),
  };
}

/** B = U·S, A = Vᵀ, clamped after. Pairs that a product of thin factors does not have are zero. */
function decomposed({ u, s, v }: Svd, { svdRank = 1, svdClamp }: CombineAsPeftOptions): PeftFactors {
  const smaller = Math.min(u.rows, v.rows);
  if (svdRank > smaller) {
    throw new LoraError(
      "SHAPE",
      `a rank of ${svdRank} is more than the ${smaller} singular values of a module`,
      { rank: svdRank, values: smaller, advice: "give a smaller --rank" },
    );
  }
  const kept = Array.from({ length: Math.min(svdRank, s.length) }, (_, i) => i);
  const filled = (x: Matrix): Float64Matrix => stackColumns([x, zeros(x.rows, svdRank - kept.length)]);
  const factors = {
    up: filled(scaledColumns(columns(u, kept), s.subarray(0, kept.length))),
    down: transpose(filled(columns(v, kept))),
  };
  return svdClamp === undefined ? factors : clamped(factors, svdClamp);
}

import type { PeftCombination } from "./combinations.ts";

/** One tensor of each adapter, flat and of one length, and the weight of each. */
export interface TaskTensors {
  readonly tensors: readonly Float64Array[];
  readonly weights: readonly number[];
}

/** Which of `count` entries stay, as 1 and 0: each with the probability `density`. */
export type DrawMask = (count: number, density: number) => ArrayLike<number>;

/** How tensors are pruned and whose sign wins. */
export interface TaskOptions {
  readonly density: number;
  readonly sign: "total" | "frequency";
  readonly draw: DrawMask;
}

/** Prunes and merges tensors as PEFT does: signs are elected before weights, and means are over counts. */
export function mergeTasks(
  { prune, merge }: PeftCombination,
  { tensors, weights }: TaskTensors,
  options: TaskOptions,
): Float64Array {
  const pruned = tensors.map((tensor) => prunedAs(prune, tensor, options));
  const result = new Float64Array(tensors[0]!.length);
  for (let at = 0; at < result.length; at++) {
    const values = pruned.map((tensor) => tensor[at]!);
    const major = merge === "elect" ? majority(values, options.sign) : undefined;
    let [sum, count] = [0, 0];
    values.forEach((value, i) => {
      if (major !== undefined && Math.sign(value) !== major) return;
      sum += weights[i]! * value;
      count += 1;
    });
    result[at] = major === undefined ? sum : sum / Math.max(1, count);
  }
  return result;
}

function majority(values: readonly number[], sign: TaskOptions["sign"]): number {
  const vote = values.reduce((sum, value) => sum + (sign === "total" ? value : Math.sign(value)), 0);
  return vote >= 0 ? 1 : -1;
}

function prunedAs(
  prune: PeftCombination["prune"],
  tensor: Float64Array,
  { density, draw }: TaskOptions,
): Float64Array {
  if (prune === "none" || density >= 1) return tensor;
  if (prune === "magnitude") return largestOf(tensor, Math.floor(density * tensor.length));
  const mask = draw(tensor.length, density);
  return tensor.map((value, at) => (value * mask[at]!) / density);
}

/** The largest entries, exactly so many; among equals the first. */
function largestOf(tensor: Float64Array, count: number): Float64Array {
  const sizes = tensor.map(Math.abs).sort();
  const least = count === 0 ? Infinity : sizes[sizes.length - count]!;
  let equal = count - tensor.reduce((larger, value) => larger + (Math.abs(value) > least ? 1 : 0), 0);
  return tensor.map((value) => {
    const size = Math.abs(value);
    if (size > least) return value;
    return size === least && equal-- > 0 ? value : 0;
  });
}

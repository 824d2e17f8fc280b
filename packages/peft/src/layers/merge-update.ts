import type { Matrix } from "@lora/linalg";
import { firstNonFinite } from "@lora/linalg";
import type { DType } from "@lora/tensor";
import { DTYPES, encode, LoraError } from "@lora/tensor";
import type { Parameter } from "./parameter.ts";
import { roundedTo, unitRoundoff } from "./rounding.ts";
import type { UpdateBlock } from "./update.ts";

/** What is added to a weight, and what the sum is multiplied with. */
export interface Merge {
  readonly adapter: string;
  readonly blocks: () => Iterable<UpdateBlock>;
  /** DoRA's factor of the value at this index. */
  readonly factor?: ((index: number) => number) | undefined;
  /** Round the update to the type of the weight before it is added, and refuse results that are not finite. */
  readonly safe: boolean;
}

/**
 * The stored bytes of factor ⊙ (W + Δ); the parameter stays as it is. The sum is made in singles, or doubles where the
 * weight or the update has them, and rounded to the stored type once: the bits that torch gives.
 *
 * @throws LoraError NUMERIC when `safe` and a value is NaN or infinite
 */
export function mergedBytes(weight: Parameter, merge: Merge): Uint8Array {
  const bytes = new Uint8Array(weight.bytes);
  for (const { from, values } of merge.blocks()) {
    const stored = weight.slice(from, from + values.length);
    const update = merge.safe ? roundedTo(values, weight.dtype) : values;
    const sum =
      stored instanceof Float64Array || !(update instanceof Float64Array) ? stored : new Float64Array(stored);
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + update[i]!;
    if (merge.factor !== undefined) multiplyEach(sum, from, merge.factor);
    if (merge.safe) demandFinite(roundedTo(sum, weight.dtype), from, merge.adapter);
    bytes.set(encode(sum, weight.dtype), from * sizeOf(weight.dtype));
  }
  return bytes;
}

/** A weight with an update taken out again. */
export interface Unmerged {
  readonly bytes: Uint8Array;
  /** How far a value can be from what it was before the merge, beyond `error`, which the weight came with. */
  readonly maxError: number;
}

/**
 * The stored bytes of W / factor − Δ, which rounding keeps from being what W was: by up to a unit roundoff of the stored type
 * for each of the two sums.
 *
 * @param error how far the values of `weight` may be off already
 */
export function unmergedBytes(weight: Parameter, merge: Merge, error = 0): Unmerged {
  const bytes = new Uint8Array(weight.bytes);
  const unit = unitRoundoff(weight.dtype);
  let maxError = 0;
  for (const { from, values } of merge.blocks()) {
    const sum = Float64Array.from(weight.slice(from, from + values.length));
    const update = merge.safe ? roundedTo(values, weight.dtype) : values;
    for (let i = 0; i < sum.length; i++) {
      const factor = merge.factor?.(from + i) ?? 1;
      const before = sum[i]! / factor;
      sum[i] = before - update[i]!;
      // The merge rounded the sum and, with a factor, the product; taking apart rounds once more.
      const calculated =
        2 * (Math.abs(before) + Math.abs(update[i]!)) * calculationUnit(weight.dtype, update);
      const rounded = unit * (1 + unit) * (Math.abs(before) + Math.abs(sum[i]!)) + smallest(weight.dtype);
      maxError = Math.max(maxError, rounded + calculated + error / Math.abs(factor));
    }
    bytes.set(encode(sum, weight.dtype), from * sizeOf(weight.dtype));
  }
  return { bytes, maxError };
}

function calculationUnit(dtype: DType, update: Matrix["data"]): number {
  return dtype === "f64" || update instanceof Float64Array ? 2 ** -53 : 2 ** -24;
}

/** The distance of the smallest numbers of a type, where it is not negligible. */
function smallest(dtype: DType): number {
  if (dtype === "f16") return 2 ** -24;
  return DTYPES[dtype].bits === 8 ? 2 ** -9 : 2 ** -133;
}

function multiplyEach(sum: Matrix["data"], from: number, factor: (index: number) => number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! * factor(from + i);
}

function demandFinite(values: Matrix["data"], from: number, adapter: string): void {
  const at = firstNonFinite({ rows: 1, cols: values.length, data: values });
  if (at < 0) return;
  throw new LoraError(
    "NUMERIC",
    `merging adapter ${adapter} makes value ${from + at} of the weight ${values[at]}`,
    {
      adapter,
      index: from + at,
      value: String(values[at]),
      advice: "the adapter seems to be broken; the base weight was left as it was",
    },
  );
}

function sizeOf(dtype: DType): number {
  return DTYPES[dtype].bits / 8;
}

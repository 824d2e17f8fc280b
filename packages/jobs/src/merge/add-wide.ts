import { type AnyMatrix, type Engine, multiply, wideMatrix } from "@lora/linalg";
import { decode, type DType, encode } from "@lora/tensor";
import type { AddedFacts, PostedFactors } from "./add-rows.ts";

/** A sum that is formed in wide values. */
export interface WideSum {
  /** Overwritten. */
  readonly bytes: Uint8Array;
  readonly dtype: DType;
  readonly left: AnyMatrix;
  /** Undefined where `left` is the update itself. */
  readonly right: AnyMatrix | undefined;
  readonly alpha: number;
  readonly factors?: PostedFactors | undefined;
  readonly roundProduct: boolean;
  readonly engine: Engine;
}

/**
 * w ← w + alpha · left · right, then DoRA's factors, for every type that can be decoded: in f32 as torch does it, f64 in
 * f64. With a weight t between, w + t · (factor · sum − w).
 */
export function addWide(sum: WideSum): AddedFacts {
  const { bytes, dtype, factors } = sum;
  const update = wideUpdate(sum);
  const before = update.slice();
  decode(bytes, dtype, before);
  const wanted = update.map((value, i) => before[i]! + value);
  if (factors !== undefined) scaleEach(wanted, before, factors, (sum.right ?? sum.left).cols);
  const stored = encode(wanted, dtype);
  bytes.set(stored);
  const after = update.slice();
  decode(stored, dtype, after);
  let [squares, errorSquares, addedSquares] = [0, 0, 0];
  for (let i = 0; i < after.length; i++) {
    squares += before[i]! ** 2;
    errorSquares += (after[i]! - wanted[i]!) ** 2;
    addedSquares += (wanted[i]! - before[i]!) ** 2;
  }
  return { squares, errorSquares, addedSquares };
}

/** alpha · left · right, rounded as its merge rounds it. */
export function wideUpdate(sum: Omit<WideSum, "bytes" | "factors">): Float32Array | Float64Array {
  const { dtype, left, right, alpha, roundProduct, engine } = sum;
  const as = dtype === "f64" ? "f64" : "f32";
  const { data } = right === undefined ? wideMatrix(left) : multiply(left, right, { engine, as });
  const update = as === "f64" ? Float64Array.from(data) : Float32Array.from(data);
  const factor = as === "f64" ? alpha : Math.fround(alpha);
  for (let i = 0; i < update.length; i++) update[i] = update[i]! * factor;
  if (roundProduct) decode(encode(update, dtype), dtype, update);
  return update;
}

/** Which of the factors of an axis the value at an index of a block has. */
export function factorIndex(
  { axis, group }: Pick<PostedFactors, "axis" | "group">,
  index: number,
  cols: number,
): number {
  return axis === "rows" ? Math.floor(index / cols) : Math.floor((index % cols) / group);
}

function scaleEach(
  wanted: Float32Array | Float64Array,
  before: Float32Array | Float64Array,
  factors: PostedFactors,
  cols: number,
): void {
  const { values, weight } = factors;
  for (let i = 0; i < wanted.length; i++) {
    const scaled = wanted[i]! * values[factorIndex(factors, i, cols)]!;
    wanted[i] = weight === 1 ? scaled : before[i]! + weight * (scaled - before[i]!);
  }
}

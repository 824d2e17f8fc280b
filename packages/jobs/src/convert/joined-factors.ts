import {
  type AnyMatrix,
  columns,
  type Float64Matrix,
  maxAbs,
  scaled,
  stackRows,
  toFloat64,
  transpose,
  wideMatrix,
  zeros,
} from "@lora/linalg";
import type { Delta } from "@lora/peft";

/** Rows of an update that become rows of another. */
export interface LoadedSlot {
  readonly delta: Delta;
  /** Of the old update. */
  readonly rows: Int32Array;
  /** First row in the new one. */
  readonly at: number;
}

/** scale · up · down */
export interface ScaledFactors {
  readonly up: Float64Matrix;
  readonly down: Float64Matrix;
  readonly scale: number;
}

/** Factors of an update that is put together of rows of others. */
export interface JoinedFactors extends ScaledFactors {
  /** How many of the slots have a down of their own: 1 where all share one. */
  readonly downs: number;
}

/**
 * The product that rows of several updates make when they stand in one: slots with equal downs share it, so that layers which
 * were one before become one again at the same rank; others stand beside each other, and their ranks add up. Exact: values are
 * copied, and multiplied only where scales differ. Pairs without any row are left out.
 */
export function joinedFactors(slots: readonly LoadedSlot[], out: number): JoinedFactors {
  const only = onlyUpdate(slots, out)?.storedFactors();
  if (only !== undefined) {
    return { up: rowsOf(only.up), down: rowsOf(only.down), scale: only.scale, downs: 1 };
  }
  const scale = slots[0]!.delta.storedFactors().scale;
  const groups: { readonly up: Float64Matrix; readonly down: Float64Matrix }[] = [];
  for (const { delta, rows, at } of slots) {
    const stored = delta.storedFactors();
    const down = rowsOf(stored.down);
    const group = groups.find((other) => isSame(other.down, down));
    const up = group?.up ?? zeros(out, down.rows);
    const from = wideMatrix(stored.up);
    const gain = stored.scale / scale;
    rows.forEach((row, index) => {
      for (let k = 0; k < from.cols; k++)
        up.data[(at + index) * from.cols + k] = gain * from.data[row * from.cols + k]!;
    });
    if (group === undefined) groups.push({ up, down });
  }
  const used = groups.map((group) => withoutIdlePairs(group, slots));
  return {
    up: transpose(stackRows(used.map(({ up }) => transpose(up)))),
    down: stackRows(used.map(({ down }) => down)),
    scale,
    downs: groups.length,
  };
}

/** The update of one module, where that is all of it and in its order. */
export function onlyUpdate(slots: readonly LoadedSlot[], out: number): Delta | undefined {
  const [{ delta, rows }] = slots as [LoadedSlot];
  const isWhole = slots.length === 1 && delta.rows === out && rows.every((row, index) => row === index);
  return isWhole ? delta : undefined;
}

/** Of rows taken out of a larger update: without the pairs that changed other rows only. */
function withoutIdlePairs(
  factors: { readonly up: Float64Matrix; readonly down: Float64Matrix },
  slots: readonly LoadedSlot[],
): { readonly up: Float64Matrix; readonly down: Float64Matrix } {
  const { up, down } = factors;
  if (slots.every(({ delta, rows }) => delta.rows === rows.length)) return factors;
  const kept = Array.from({ length: up.cols }, (_, k) => k).filter((k) => {
    for (let row = 0; row < up.rows; row++) if (up.data[row * up.cols + k] !== 0) return true;
    return false;
  });
  if (kept.length === up.cols) return factors;
  // Rows that no pair changes: one pair of zeros, since many readers miss a module that is not there.
  if (kept.length === 0) kept.push(0);
  return { up: columns(up, kept), down: transpose(columns(transpose(down), kept)) };
}

function isSame(a: Float64Matrix, b: Float64Matrix): boolean {
  return a.rows === b.rows && a.cols === b.cols && a.data.every((value, index) => value === b.data[index]);
}

/** From this power of two on both factors take their share of a change of scale. */
const BOTH_FROM = 8;

/**
 * The same product with another scale. What changes goes into one factor, the larger one where it shrinks and the smaller one where
 * it grows, so that no small value of a narrow type is lost; of a large change each takes half, powers of two.
 */
export function withScale({ up, down, scale }: ScaledFactors, wanted: number): ScaledFactors {
  const factor = scale / wanted;
  if (factor === 1) return { up, down, scale };
  const exponent = Math.log2(Math.abs(factor));
  const half = Math.abs(exponent) < BOTH_FROM ? 1 : 2 ** Math.trunc(exponent / 2);
  const intoUp = maxAbs(up) >= maxAbs(down) === exponent < 0;
  const [ofUp, ofDown] = intoUp ? [factor / half, half] : [half, factor / half];
  return { up: scaled(up, ofUp), down: scaled(down, ofDown), scale: wanted };
}

/** A stored factor as doubles. */
export function rowsOf(factor: AnyMatrix): Float64Matrix {
  return toFloat64(wideMatrix(factor));
}

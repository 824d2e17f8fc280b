import type { Matrix } from "@lora/linalg";
import { storedOf } from "./_input.ts";
import type { Metric } from "./_metric.ts";

/** Finite values of the stored factors that f16 cannot hold as normal numbers. */
export type HalfRange = {
  /** Would become ±Infinity. */
  readonly overflow: number;
  /** Would keep fewer than 11 significant bits. */
  readonly subnormal: number;
  /** Would become 0. */
  readonly flushed: number;
};

// Where rounding to nearest, ties to even, crosses over (IEEE 754 binary16).
const OVERFLOWS_FROM = 65520;
const NORMAL_FROM = 2 ** -14 - 2 ** -25;
const FLUSHED_TO = 2 ** -25;

/** One pass, since these are all values of a file; what is zero, normal or no number is lost to nothing. */
function countLosses({ data }: Matrix, counts: { -readonly [K in keyof HalfRange]: number }): void {
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]);
    if ((size >= NORMAL_FROM && size < OVERFLOWS_FROM) || size === 0) continue;
    if (size <= FLUSHED_TO) counts.flushed += 1;
    else if (size < NORMAL_FROM) counts.subnormal += 1;
    else if (size < Infinity) counts.overflow += 1;
  }
}

/** What is lost when the factors are stored as f16. */
export const halfRange: Metric<HalfRange> = {
  id: "halfRange",
  title: "stored values outside the range of f16",
  unit: "values",
  needs: "stored",
  compute(input) {
    const { up, down } = storedOf(input);
    const counts = { overflow: 0, subnormal: 0, flushed: 0 };
    for (const factor of [up, down]) countLosses(factor, counts);
    return counts;
  },
};

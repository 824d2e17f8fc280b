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

function countOf(matrices: readonly Matrix[], holds: (magnitude: number) => boolean): number {
  let count = 0;
  for (const { data } of matrices) {
    for (const value of data) if (holds(Math.abs(value))) count += 1;
  }
  return count;
}

/** What is lost when the factors are stored as f16. */
export const halfRange: Metric<HalfRange> = {
  id: "halfRange",
  title: "stored values outside the range of f16",
  unit: "values",
  needs: "stored",
  compute(input) {
    const { up, down } = storedOf(input);
    const factors = [up, down];
    return {
      overflow: countOf(factors, (size) => size >= OVERFLOWS_FROM && size < Infinity),
      subnormal: countOf(factors, (size) => size > FLUSHED_TO && size < NORMAL_FROM),
      flushed: countOf(factors, (size) => size > 0 && size <= FLUSHED_TO),
    };
  },
};

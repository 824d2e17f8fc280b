import type { Matrix } from "@lora/linalg";
import { roundHalfToEven } from "../round-half-to-even.ts";

/**
 * NF4: quantiles of the normal distribution, scaled to [−1, 1]. Values as bitsandbytes has them; tests hold them to the
 * quantiles, and the rounding to the thresholds of its kernel.
 *
 * @see Dettmers et al. 2023, arXiv 2305.14314, appendix E
 */
const NF4: readonly number[] = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
  -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
  0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
];

/** Values that share a largest magnitude in NF4. */
const BLOCK = 64;

/**
 * What is read back after storing `a` in four bits: blocks of 64 along the rows, each divided by its largest
 * magnitude and rounded to the nearest value of NF4.
 */
export function throughNf4({ rows, cols, data }: Matrix): Matrix {
  const result = new Float64Array(data.length);
  for (let from = 0; from < data.length; from += BLOCK) {
    const block = data.subarray(from, from + BLOCK);
    const largest = largestMagnitude(block);
    if (largest === 0) continue;
    for (let i = 0; i < block.length; i++) result[from + i] = nearestCode(block[i]! / largest) * largest;
  }
  return { rows, cols, data: result };
}

/**
 * What is read back after storing `a` in eight bits: rows, each in 255 steps up to its largest magnitude, halves to even.
 *
 * @see Dettmers et al. 2022, arXiv 2208.07339; `int8_vectorwise_quant` of bitsandbytes, which rounds the weight to f16 before
 */
export function throughInt8({ rows, cols, data }: Matrix): Matrix {
  const result = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * cols, (i + 1) * cols);
    const step = largestMagnitude(row) / 127;
    if (step === 0) continue;
    for (let j = 0; j < cols; j++) result[i * cols + j] = roundHalfToEven(row[j]! / step) * step;
  }
  return { rows, cols, data: result };
}

/** Of two equally near the lower one, as bitsandbytes' thresholds have it. */
function nearestCode(value: number): number {
  let index = 0;
  while (index + 1 < NF4.length && value > (NF4[index]! + NF4[index + 1]!) / 2) index += 1;
  return NF4[index]!;
}

function largestMagnitude(values: Matrix["data"]): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

import { type EngineOptions, type Matrix, stackRows, type Svd, svd, zeros } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { InitDraws } from "../init/_draws.ts";
import { sketchedSvd } from "../init/_sketched-svd.ts";
import { addMoments, type Moments } from "./moments.ts";

/** Principal components of the samples seen so far. */
export interface PcaState extends Moments {
  /** k × columns, orthonormal rows; the largest entry of each is positive. */
  readonly directions: Matrix;
  /** Of the centred samples. */
  readonly singularValues: Float64Array;
  /** σ² over the sum of squares of all centred samples. */
  readonly explainedVarianceRatio: Float64Array;
}

/** How many components are followed, and how they are found. */
export interface PcaOptions extends EngineOptions {
  /** k */
  readonly components: number;
  /** Given, a randomised SVD with 2·k directions and 4 passes takes the place of the whole one. */
  readonly draws?: InitDraws | undefined;
}

const PASSES = 4;

/**
 * Principal components after one more batch. What was seen is kept as k directions with their lengths, so that the work
 * is that of an SVD of (k + samples + 1) × columns, however much went before.
 *
 * @param batch samples × columns, at least `components` of each
 * @throws LoraError SHAPE when there are too few samples or columns, or columns than before; NUMERIC when a value is
 *   not finite
 * @see Ross et al., "Incremental learning for robust visual tracking" (2008); scikit-learn and PEFT IncrementalPCA
 */
export function addToPca(before: PcaState | undefined, batch: Matrix, options: PcaOptions): PcaState {
  const { components, engine, draws } = options;
  refuseSizes(before, batch, components);
  const moments = addMoments(before, batch);
  const centred = before === undefined ? centredBy(batch, moments.mean) : joined(before, batch, moments);
  const width = Math.min(2 * components, centred.rows, centred.cols);
  const found = draws
    ? sketchedSvd(centred, { name: "the centred inputs", width, iterations: PASSES, draws, engine })
    : svd(centred, { engine });
  const singularValues = found.s.slice(0, components);
  const total = moments.variance.reduce((sum, value) => sum + value, 0) * moments.samples;
  return {
    ...moments,
    directions: signedRows(found, components),
    singularValues,
    explainedVarianceRatio: singularValues.map((value) => value ** 2 / total),
  };
}

function refuseSizes(before: PcaState | undefined, { rows, cols }: Matrix, components: number): void {
  const seen = before?.directions.cols ?? cols;
  if (components <= rows && components <= cols && cols === seen) return;
  throw new LoraError(
    "SHAPE",
    `${components} components cannot be followed in a batch of ${rows} × ${cols}`,
    {
      components,
      batch: [rows, cols],
      columnsBefore: seen,
    },
  );
}

/** The directions with their lengths, the batch around its own mean, and how far that mean is from the one before. */
function joined(before: PcaState, batch: Matrix, { samples }: Moments): Matrix {
  const { directions, singularValues } = before;
  const { cols } = batch;
  const { mean } = addMoments(undefined, batch);
  const known = zeros(directions.rows, cols);
  known.data.forEach((_, i) => {
    known.data[i] = singularValues[Math.floor(i / cols)]! * directions.data[i]!;
  });
  const weight = Math.sqrt((before.samples / samples) * batch.rows);
  const apart = { rows: 1, cols, data: mean.map((value, j) => weight * (before.mean[j]! - value)) };
  return stackRows([known, centredBy(batch, mean), apart]);
}

function centredBy({ rows, cols, data }: Matrix, mean: Float64Array): Matrix {
  return { rows, cols, data: Float64Array.from(data, (value, i) => value - mean[i % cols]!) };
}

/** The first columns of v as rows, each with its largest entry positive. */
function signedRows({ v }: Svd, count: number): Matrix {
  const result = zeros(count, v.rows);
  for (let k = 0; k < count; k++) {
    let largest = 0;
    for (let i = 0; i < v.rows; i++) {
      const value = v.data[i * v.cols + k]!;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    const sign = largest < 0 ? -1 : 1;
    for (let i = 0; i < v.rows; i++) result.data[k * v.rows + i] = sign * v.data[i * v.cols + k]!;
  }
  return result;
}

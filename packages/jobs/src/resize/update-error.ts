import {
  columns,
  type Matrix,
  productMap,
  spectralNorm,
  stackColumns,
  stackRows,
  type Svd,
  transpose,
} from "@lora/linalg";
import { LowRankDelta } from "@lora/peft";
import { type KeptFactors, scaledColumns } from "./keep.ts";

/** How far what is written is from what was read. */
export interface UpdateError {
  /** ‖rescale·ΔW − ΔW′‖_F */
  readonly frobenius: number;
  /** The largest singular value of the same difference. */
  readonly spectral: number;
}

/** What was kept of an update, before and after rounding to the stored type. */
export interface Written {
  readonly kept: readonly number[];
  /** ΔW′ = storedScale · up · down */
  readonly storedScale: number;
  readonly rescale: number;
  readonly exact: KeptFactors;
  readonly rounded: KeptFactors;
}

/**
 * The error of a written update, rounding included, without forming a matrix of its size.
 *
 * The difference is a low-rank product itself: the dropped pairs, and what rounding moved,
 * g·(B₀A₀ − B′A′) = −g·((B′ − B₀)·A₀ + B′·(A′ − A₀)). Written so, nothing cancels.
 */
export function updateError(svd: Svd, written: Written): UpdateError {
  const { exact, rounded, storedScale } = written;
  const keptSet = new Set(written.kept);
  const dropped = Array.from(svd.s.keys()).filter((index) => !keptSet.has(index) && svd.s[index]! > 0);
  const droppedValues = dropped.map((index) => written.rescale * svd.s[index]!);
  const up = stackColumns([
    scaledColumns(columns(svd.u, dropped), droppedValues),
    difference(exact.up, rounded.up, storedScale),
    rounded.up,
  ]);
  const down = stackRows([
    transpose(columns(svd.v, dropped)),
    exact.down,
    difference(exact.down, rounded.down, storedScale),
  ]);
  const frobenius = new LowRankDelta(up, down).frobeniusNorm();
  if (frobenius === 0) return { frobenius, spectral: 0 };
  return { frobenius, spectral: spectralNorm(productMap(up, down), { tolerance: SPECTRAL_TOLERANCE }).value };
}

/** Relative; a report shows three digits. */
const SPECTRAL_TOLERANCE = 1e-6;

function difference(a: Matrix, b: Matrix, scale: number): Matrix {
  const data = new Float64Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = scale * (a.data[i]! - b.data[i]!);
  return { rows: a.rows, cols: a.cols, data };
}

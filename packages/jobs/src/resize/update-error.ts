import { columns, type Engine, type Matrix, scaledColumns, type Svd, transpose } from "@lora/linalg";
import type { KeptFactors } from "./keep.ts";
import { type ProductNorms, productNorms } from "./product-norms.ts";

/** How far what is written is from what was meant, rescale · ΔW − ΔW′. */
export type UpdateError = ProductNorms;

/** What was kept of an update, before and after rounding to the stored type. */
export interface Written {
  readonly kept: readonly number[];
  /** ΔW′ = storedScale · up · down */
  readonly storedScale: number;
  readonly rescale: number;
  readonly exact: KeptFactors;
  readonly rounded: KeptFactors;
  readonly engine: Engine;
}

/**
 * The error of a written update, rounding included, without forming a matrix of its size.
 *
 * The difference is a low-rank product itself: the dropped pairs, and what rounding moved,
 * g·(B₀A₀ − B′A′) = −g·((B′ − B₀)·A₀ + B′·(A′ − A₀)). Written so, nothing cancels.
 */
export function updateError(svd: Svd, written: Written): UpdateError {
  const { exact, rounded, storedScale, engine } = written;
  const keptSet = new Set(written.kept);
  const dropped = Array.from(svd.s.keys()).filter((index) => !keptSet.has(index) && svd.s[index]! > 0);
  const droppedValues = dropped.map((index) => written.rescale * svd.s[index]!);
  const terms = [
    { up: scaledColumns(columns(svd.u, dropped), droppedValues), down: transpose(columns(svd.v, dropped)) },
    { up: difference(exact.up, rounded.up, storedScale), down: exact.down },
    { up: rounded.up, down: difference(exact.down, rounded.down, storedScale) },
  ];
  return productNorms(terms, { engine });
}

function difference(a: Matrix, b: Matrix, scale: number): Matrix {
  const data = new Float64Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = scale * (a.data[i]! - b.data[i]!);
  return { rows: a.rows, cols: a.cols, data };
}

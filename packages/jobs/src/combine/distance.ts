import {
  dot,
  type EngineOptions,
  type Float64Matrix,
  gram,
  gramNorms,
  type Matrix,
  multiply,
  scaled,
  stackColumns,
  stackRows,
  wideMatrix,
} from "@lora/linalg";
import type { StoredFactors } from "@lora/peft";
import type { KeptFactors } from "../resize/keep.ts";

/** ΔW′ = scale · up · down, as written. */
export interface WrittenUpdate extends KeptFactors {
  readonly scale: number;
}

/**
 * ‖ΔW′ − ΔW‖_F of two products, from the Gram matrices of their stacked factors; exact to about 10⁻⁸ of their norms, since it
 * comes squared.
 */
export function productDistance(
  { up, down, scale }: WrittenUpdate,
  other: StoredFactors,
  { engine }: EngineOptions,
): number {
  const left = stackColumns([scaled(up, scale), wideMatrix(other.up)]);
  const right = stackRows([down, scaled(wideMatrix(other.down), -other.scale)]);
  return gramNorms(gram(left, { engine }), gram(right, { of: "rows", engine })).frobenius;
}

/** ‖up · down‖_F from the Gram matrices of the factors. */
export function productNorm({ up, down, scale }: StoredFactors, { engine }: EngineOptions): number {
  const inner = dot(gram(wideMatrix(up), { engine }), gram(wideMatrix(down), { of: "rows", engine }));
  return Math.abs(scale) * Math.sqrt(Math.max(0, inner));
}

/** Rows of a product that are held at a time. */
const ROWS = 64;

/** ‖ΔW′ − M‖_F against a dense matrix, some rows at a time. */
export function denseDistance(
  { up, down, scale }: WrittenUpdate,
  matrix: Matrix,
  { engine }: EngineOptions,
): number {
  let sum = 0;
  for (let first = 0; first < matrix.rows; first += ROWS) {
    const count = Math.min(ROWS, matrix.rows - first);
    const rows: Float64Matrix = {
      rows: count,
      cols: up.cols,
      data: up.data.subarray(first * up.cols, (first + count) * up.cols),
    };
    const product = multiply(rows, down, { alpha: scale, engine }).data;
    const start = first * matrix.cols;
    for (let i = 0; i < product.length; i++) sum += (product[i]! - matrix.data[start + i]!) ** 2;
  }
  return Math.sqrt(sum);
}

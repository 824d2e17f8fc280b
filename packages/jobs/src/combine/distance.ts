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

/**
 * ‖B₀·A₀ − B′·A′‖_F of factors and what rounding made of them: with δ = exact − written the difference is δB·A₀ + B′·δA, of which
 * nothing cancels, so that products in f32 leave three digits or more. O((m + n)·r²); nothing where nothing was rounded.
 */
export function roundingDistance(
  exact: KeptFactors,
  written: KeptFactors,
  { engine }: EngineOptions,
): number {
  const [movedUp, movedDown] = [moved(exact.up, written.up), moved(exact.down, written.down)];
  if (movedUp === undefined && movedDown === undefined) return 0;
  const [ups, downs] = [single(written.up), single(exact.down)];
  const up = (a: Matrix, b: Matrix): Matrix => multiply(a, b, { transA: true, as: "f32", engine });
  const down = (a: Matrix, b: Matrix): Matrix => multiply(a, b, { transB: true, as: "f32", engine });
  let square = 0;
  if (movedUp) square += dot(up(movedUp, movedUp), down(downs, downs));
  if (movedDown) square += dot(up(ups, ups), down(movedDown, movedDown));
  if (movedUp && movedDown) square += 2 * dot(up(movedUp, ups), down(downs, movedDown));
  return Math.sqrt(Math.max(0, square));
}

function single({ rows, cols, data }: Matrix): Matrix {
  return { rows, cols, data: Float32Array.from(data) };
}

/** a − b in f32; undefined where they are equal. */
function moved(a: Matrix, b: Matrix): Matrix | undefined {
  const data = new Float32Array(a.data.length);
  let isMoved = false;
  for (let i = 0; i < data.length; i++) {
    data[i] = a.data[i]! - b.data[i]!;
    isMoved ||= data[i] !== 0;
  }
  return isMoved ? { rows: a.rows, cols: a.cols, data } : undefined;
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

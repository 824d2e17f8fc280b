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
  zeros,
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

/** Up to this part of a factor what rounding moved is little: half of the steps of bf16 are 2⁻⁹. */
const LITTLE = 2 ** -6;

/**
 * ‖B₀·A₀ − B′·A′‖_F of factors and what became of them, as ‖δB·A₀ + B′·δA‖_F with δ = exact − written. Where little was moved
 * nothing of that cancels, and products in f32 leave three digits or more. O((m + n)·r²); nothing where nothing was moved.
 */
export function factorDistance(exact: KeptFactors, written: KeptFactors, { engine }: EngineOptions): number {
  const [ups, downs] = [moved(exact.up, written.up), moved(exact.down, written.down)];
  if (ups.size === 0 && downs.size === 0) return 0;
  const isLittle = [ups, downs].every(({ size, of }) => size <= LITTLE * of);
  const as = isLittle ? "f32" : "f64";
  // Of size 1, so that no square is too small for f32.
  const unit = (a: Matrix, size: number): Matrix => (isLittle && size > 0 ? single(a, 1 / size) : a);
  const [p, q] = isLittle ? [ups.of * downs.size, ups.size * downs.of] : [1, 1];
  const [kept, base] = [unit(written.up, ups.of), unit(exact.down, downs.of)];
  const [left, right] = [unit(ups.by, ups.size), unit(downs.by, downs.size)];
  const up = (a: Matrix, b: Matrix): Matrix => multiply(a, b, { transA: true, as, engine });
  const down = (a: Matrix, b: Matrix): Matrix => multiply(a, b, { transB: true, as, engine });
  let square = 0;
  if (ups.size > 0) square += q * q * dot(up(left, left), down(base, base));
  if (downs.size > 0) square += p * p * dot(up(kept, kept), down(right, right));
  if (ups.size > 0 && downs.size > 0) square += 2 * p * q * dot(up(left, kept), down(base, right));
  return Math.sqrt(Math.max(0, square));
}

function single({ rows, cols, data }: Matrix, factor: number): Matrix {
  const values = new Float32Array(data.length);
  for (let i = 0; i < values.length; i++) values[i] = factor * data[i]!;
  return { rows, cols, data: values };
}

/** What was moved. */
interface Moved {
  /** exact − written, where that is not zero. */
  readonly by: Float64Matrix;
  /** ‖exact − written‖ */
  readonly size: number;
  /** ‖exact‖ */
  readonly of: number;
}

function moved(exact: Float64Matrix, written: Float64Matrix): Moved {
  let [square, whole] = [0, 0];
  for (let i = 0; i < exact.data.length; i++) {
    const value = exact.data[i]!;
    const difference = value - written.data[i]!;
    square += difference * difference;
    whole += value * value;
  }
  // What was only copied is most of what is compared: nothing is made for it.
  const by = square === 0 ? exact : subtracted(exact, written);
  return { by, size: Math.sqrt(square), of: Math.sqrt(whole) };
}

function subtracted(a: Float64Matrix, b: Float64Matrix): Float64Matrix {
  const rest = zeros(a.rows, a.cols);
  for (let i = 0; i < rest.data.length; i++) rest.data[i] = a.data[i]! - b.data[i]!;
  return rest;
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

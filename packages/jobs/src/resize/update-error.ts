import {
  dot,
  type EngineOptions,
  gram,
  gramNorms,
  type GramNorms,
  type Matrix,
  type ProductBasis,
  type ProductPairs,
  scaled,
  spectralNormOfGrams,
  stackRows,
  zeros,
} from "@lora/linalg";
import type { StoredFactors } from "@lora/peft";
import { borderedMap, scaledMap } from "./bordered-map.ts";
import type { KeptFactors } from "./keep.ts";
import { readProducts } from "./read-products.ts";
import { remainderOf } from "./remainder.ts";

/** How far what is written is from what was meant, rescale · ΔW − ΔW′. */
export type UpdateError = GramNorms;

/** What was kept of an update, before and after rounding to the stored type. */
export interface Written extends EngineOptions {
  /** Of the update; its basis is told in them. */
  readonly factors: StoredFactors;
  readonly basis: ProductBasis;
  readonly pairs: ProductPairs;
  /** Singular values of the pairs that were dropped. */
  readonly dropped: Float64Array;
  /** ΔW′ = storedScale · up · down */
  readonly storedScale: number;
  readonly rescale: number;
  readonly exact: KeptFactors;
  readonly rounded: KeptFactors;
}

/**
 * The error of a written update, rounding included, without forming a matrix of its size or a vector that was dropped.
 *
 * ΔW is t·qᵀ, and with the projection p from what was kept, the difference is a product itself,
 * r·t·p·qᵀ + g·(B₀A₀ − B′A′) = [r·t·p, B₀ − B′, B′] · [q·p, g·A₀ᵀ, g·(A₀ − A′)ᵀ]ᵀ. Written so, nothing cancels. Its norms come
 * from the Gram matrices of both sides, in which t·p and q·p are orthogonal to B₀ and A₀. Costs a product of each factor
 * with as many columns as are kept.
 */
export function updateError(written: Written): UpdateError {
  const { factors, dropped, exact, rounded, storedScale: g, rescale: r, engine } = written;
  const ups = movedAndRounded(exact.up, rounded.up);
  const downs = exactAndMoved(exact.down, rounded.down);
  const upGram = gram(ups, { of: "rows", engine });
  const downGram = scaled(gram(downs, { of: "rows", engine }), g * g);
  const row: Matrix = { rows: 1, cols: dropped.length, data: dropped };
  const square = r * r * dot(row, row);
  if (square === 0) return gramNorms(upGram, downGram);
  const rest = remainderOf(written.basis, written.pairs.coordinates, { engine });
  const kept = exact.up.cols;
  // Small beside the rest, so that digits of f32 are enough.
  const moved = { factors, up: rowsFrom(ups, 0, kept), down: rowsFrom(downs, kept, kept), engine };
  const along = rest.along(readProducts(moved, "f32"));
  const [alongT, alongQ] = [scaled(along.t, r), scaled(along.q, g)];
  const none = zeros(kept, alongQ.cols);
  return {
    frobenius: Math.sqrt(Math.max(0, square - 2 * dot(alongT, alongQ) + dot(upGram, downGram))),
    spectral: spectralNormOfGrams(
      borderedMap(scaledMap(rest.left, r * r), stackRows([alongT, scaled(alongT, -1)]), upGram),
      borderedMap(rest.right, stackRows([none, alongQ]), downGram),
    ),
  };
}

/** Rows of B₀ − B′ transposed, then of B′. In f32: a difference keeps seven digits of its own. */
function movedAndRounded(exact: Matrix, rounded: Matrix): Matrix {
  const { rows, cols } = exact;
  const data = new Float32Array(2 * exact.data.length);
  const second = exact.data.length;
  for (let i = 0, from = 0; i < rows; i++) {
    for (let j = 0, to = i; j < cols; j++, from++, to += rows) {
      const value = rounded.data[from]!;
      data[to] = exact.data[from]! - value;
      data[second + to] = value;
    }
  }
  return { rows: 2 * cols, cols: rows, data };
}

/** Rows of A₀, then of A₀ − A′. */
function exactAndMoved(exact: Matrix, rounded: Matrix): Matrix {
  const { rows, cols, data: values } = exact;
  const data = new Float32Array(2 * values.length);
  data.set(values);
  for (let i = 0; i < values.length; i++) data[values.length + i] = values[i]! - rounded.data[i]!;
  return { rows: 2 * rows, cols, data };
}

function rowsFrom({ cols, data }: Matrix, first: number, count: number): Matrix {
  return { rows: count, cols, data: data.subarray(first * cols, (first + count) * cols) };
}

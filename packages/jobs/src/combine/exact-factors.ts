import {
  type Engine,
  type Float64Matrix,
  frobeniusNorm,
  identity,
  maxAbs,
  type Matrix,
  pairsOf,
  scaled,
  scaledColumns,
  toFloat64,
  transpose,
  wideMatrix,
  zeros,
} from "@lora/linalg";
import type { Delta, StoredFactors } from "@lora/peft";
import { norm } from "../arithmetic.ts";
import { balancedFactors, type KeptFactors } from "../resize/keep.ts";
import { updateError } from "../resize/update-error.ts";
import { decomposeDense } from "./decompose-dense.ts";
import { denseDistance, productNorm, factorDistance } from "./distance.ts";
import { type LoadedUpdates, makeAsPeft, makeUpdate } from "./made-update.ts";
import type { WriteCombinedInput } from "./write-combined.ts";

/** The factors of a combined update before rounding, and what measures them after it. */
export interface ExactFactors {
  /** ΔW′ = storedScale · up · down */
  readonly exact: KeptFactors;
  /** Whether ΔW, what the method makes, is Σ wᵢ·ΔWᵢ. */
  readonly isSum: boolean;
  /** ‖ΔW‖_F */
  norm(): number;
  /** ‖ΔW′ − ΔW‖_F: truncation and rounding. */
  error(written: KeptFactors): number;
}

/** Follows the recipe for one weight, and truncates what that makes to the rank that was chosen. */
export function exactFactors(
  input: WriteCombinedInput,
  updates: LoadedUpdates,
  engine: Engine,
): ExactFactors {
  const { rank, recipe } = input;
  if (recipe.compat === "peft") {
    const { up, down } = makeAsPeft(input, updates, { rank, engine });
    return asTheyAre({ up, down, scale: 1 }, false, { ...input, engine });
  }
  const made = makeUpdate(input, updates, engine);
  if (made.kind === "stacked") return asTheyAre(made.factors, true, { ...input, engine });
  if (made.kind === "dense") {
    const { matrix, isSum } = made;
    return rank === Math.min(matrix.rows, matrix.cols) && isSum
      ? asTheyAre(evenFactors(wholeFactors(matrix)), isSum, { ...input, engine })
      : fromDense(matrix, isSum, { ...input, engine });
  }
  const { delta, isSum } = made;
  // As many pairs as there are: nothing is to be left out, and no spectrum is needed to know what.
  return delta.maxRank === rank
    ? asTheyAre(evenFactors(delta.storedFactors()), isSum, { ...input, engine })
    : fromProduct(delta, isSum, { ...input, engine });
}

interface Making extends Pick<WriteCombinedInput, "rank" | "storedScale" | "recipe"> {
  readonly engine: Engine;
}

/** All columns of the factors; only rounding moves them. */
function asTheyAre(factors: StoredFactors, isSum: boolean, { storedScale, engine }: Making): ExactFactors {
  const { up, down, scale } = factors;
  const exact = {
    up: scaled(wideMatrix(up), scale / storedScale),
    down: toFloat64(wideMatrix(down)),
  };
  return {
    exact,
    isSum,
    norm: () => productNorm(factors, { engine }),
    error: (written) => storedScale * factorDistance(exact, written, { engine }),
  };
}

function wholeFactors(matrix: Matrix): StoredFactors {
  return matrix.rows <= matrix.cols
    ? { up: identity(matrix.rows), down: matrix, scale: 1 }
    : { up: matrix, down: identity(matrix.cols), scale: 1 };
}

/** Factors of about the same size, by a power of two: narrow types lose small values. */
function evenFactors({ up, down, scale }: StoredFactors): StoredFactors {
  const [a, b] = [wideMatrix(up), wideMatrix(down)];
  const ratio = (maxAbs(b) * Math.abs(scale)) / maxAbs(a);
  if (!(ratio > 0 && Number.isFinite(ratio))) return { up, down, scale };
  const power = 2 ** Math.round(Math.log2(ratio) / 2);
  return { up: a, down: scaled(b, 1 / power), scale: scale * power };
}

/** The leading pairs of a product. */
function fromProduct(delta: Delta, isSum: boolean, { rank, storedScale, engine }: Making): ExactFactors {
  const kept = Array.from({ length: rank }, (_, i) => i);
  const factors = delta.storedFactors();
  const basis = delta.basis();
  const found = pairsOf(basis, kept, { engine });
  const spectrum = found === undefined ? delta.spectrum() : basis;
  const pairs = found ?? pairsOf(delta.spectrum(), kept, { engine });
  const exact = balancedFactors(factors, pairs, { gain: 1 / storedScale, engine });
  const dropped = spectrum.s.subarray(rank);
  const update = { factors, basis: spectrum, pairs, dropped, storedScale, rescale: 1, exact, engine };
  return {
    exact,
    isSum,
    norm: () => norm(spectrum.s),
    error: (written) => updateError({ ...update, rounded: written }).frobenius,
  };
}

/** The leading pairs of a matrix. */
function fromDense(
  matrix: Matrix,
  isSum: boolean,
  { rank, storedScale, recipe, engine }: Making,
): ExactFactors {
  const limits = { most: rank, error: 0 };
  const { u, s, v } = decomposeDense(matrix, { limits, seed: recipe.seed ?? 0, engine });
  const roots = Float64Array.from({ length: rank }, (_, i) => Math.sqrt((s[i] ?? 0) / storedScale));
  const side = (x: Matrix): Float64Matrix => scaledColumns(widened(toFloat64(x), rank), roots);
  return {
    exact: { up: side(u), down: transpose(side(v)) },
    isSum,
    norm: () => frobeniusNorm(matrix),
    error: (written) => denseDistance({ ...written, scale: storedScale }, matrix, { engine }),
  };
}

/** With columns of zeros up to a rank: what is decomposed may have fewer pairs than were planned. */
function widened({ rows, cols, data }: Float64Matrix, rank: number): Float64Matrix {
  if (cols === rank) return { rows, cols, data };
  const wide = zeros(rows, rank);
  for (let i = 0; i < rows; i++) wide.data.set(data.subarray(i * cols, (i + 1) * cols), i * rank);
  return wide;
}

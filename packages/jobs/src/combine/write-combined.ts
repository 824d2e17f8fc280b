import {
  type Engine,
  type Float64Matrix,
  frobeniusNorm,
  maxAbs,
  pairsOf,
  type ProductSpectrum,
  productSpectrum,
  scaled,
  scaledColumns,
  toFloat64,
  transpose,
  wideMatrix,
  zeros,
} from "@lora/linalg";
import type { EncodedFactors, StoredFactors } from "@lora/peft";
import type { DType } from "@lora/tensor";
import { norm } from "../arithmetic.ts";
import type { PoolTask } from "../pool/worker-pool.ts";
import { balancedFactors, type KeptFactors } from "../resize/keep.ts";
import { rounded } from "../resize/rounding.ts";
import { updateError } from "../resize/update-error.ts";
import { decomposeDense } from "./decompose-dense.ts";
import { denseDistance, productDistance, productNorm } from "./distance.ts";
import {
  type LoadedUpdates,
  loadUpdates,
  makeAsPeft,
  makeUpdate,
  type UpdatesToCombine,
} from "./made-update.ts";

/** A weight whose combined update is to be written. */
export interface WriteCombinedInput extends UpdatesToCombine {
  readonly rank: number;
  /** What a reader of the new file multiplies with. */
  readonly storedScale: number;
  readonly dtype: DType;
}

/** The factors as they are stored, and how far their product is from what was meant. */
export interface WrittenUpdates extends EncodedFactors {
  /** ‖ΔW′ − ΔW‖_F, ΔW what the method makes: truncation and rounding. */
  readonly error: number;
  /** ‖ΔW‖_F */
  readonly norm: number;
  /** ‖ΔW′ − Σ wᵢ·ΔWᵢ‖_F */
  readonly distance: number;
  /** ‖Σ wᵢ·ΔWᵢ‖_F */
  readonly sumNorm: number;
}

/** Combines the updates of a weight, truncates and rounds the result, and measures what that cost. */
export const writeCombined: PoolTask<WriteCombinedInput, WrittenUpdates> = {
  name: "write combined",
  async run(input, engine) {
    const updates = await loadUpdates(input, engine);
    const { exact, measure } = exactFactors(input, updates, engine);
    const [up, down] = [rounded(exact.up, input.dtype), rounded(exact.down, input.dtype)];
    const written = { up: up.values, down: down.values, scale: input.storedScale };
    const { error, norm: whole, isSum } = measure(written);
    const distance = isSum ? error : productDistance(written, updates.sum, { engine });
    const sumNorm = isSum ? whole : productNorm(updates.sum, { engine });
    return { up: up.bytes, down: down.bytes, error, norm: whole, distance, sumNorm };
  },
};

/** Factors before rounding, and what measures them after it. */
interface ExactFactors {
  readonly exact: KeptFactors;
  measure(written: KeptFactors): { readonly error: number; readonly norm: number; readonly isSum: boolean };
}

function exactFactors(input: WriteCombinedInput, updates: LoadedUpdates, engine: Engine): ExactFactors {
  const { rank, storedScale, recipe } = input;
  if (recipe.compat === "peft") {
    const { up, down } = makeAsPeft(input, updates, { rank, engine });
    return asTheyAre({ up, down, scale: 1 }, { storedScale, engine, isSum: false });
  }
  const made = makeUpdate(input, updates, engine);
  if (made.kind === "stacked") return asTheyAre(made.factors, { storedScale, engine, isSum: true });
  if (made.kind === "dense") return fromDense(made.matrix, input, engine);
  const { factors, isSum } = made;
  // As many pairs as there are: nothing is to be left out, and no spectrum is needed to know what.
  if (factors.up.cols === rank) return asTheyAre(evenFactors(factors), { storedScale, engine, isSum });
  return fromProduct(factors, isSum, input, engine);
}

interface Keeping {
  readonly storedScale: number;
  readonly engine: Engine;
  readonly isSum: boolean;
}

/** All columns of the factors; only rounding moves them. */
function asTheyAre(
  { up, down, scale }: StoredFactors,
  { storedScale, engine, isSum }: Keeping,
): ExactFactors {
  const factors = { up: wideMatrix(up), down: wideMatrix(down), scale };
  const exact = { up: scaled(factors.up, scale / storedScale), down: toFloat64(factors.down) };
  const none = { s: new Float64Array(0), left: zeros(up.cols, 0), right: zeros(up.cols, 0) };
  return {
    exact,
    measure: (written) => ({
      error: errorOf({ factors, spectrum: none, exact, written, storedScale, engine }),
      norm: productNorm(factors, { engine }),
      isSum,
    }),
  };
}

interface MeasuredFactors {
  readonly factors: StoredFactors;
  /** Of their product; its leading pairs are kept, as many as the factors have columns. */
  readonly spectrum: ProductSpectrum;
  readonly exact: KeptFactors;
  readonly written: KeptFactors;
  readonly storedScale: number;
  readonly engine: Engine;
}

function errorOf({ factors, spectrum, exact, written, storedScale, engine }: MeasuredFactors): number {
  const rank = Math.min(exact.up.cols, spectrum.s.length);
  const kept = Array.from({ length: rank }, (_, i) => i);
  const dropped = spectrum.s.subarray(rank);
  const pairs = pairsOf(spectrum, kept, { engine });
  const update = { factors, basis: spectrum, pairs, dropped, storedScale, rescale: 1 };
  return updateError({ ...update, exact, rounded: written, engine }).frobenius;
}

/** Factors of about the same size, by a power of two: narrow types lose small values. */
function evenFactors({ up, down, scale }: StoredFactors): StoredFactors {
  const [a, b] = [wideMatrix(up), wideMatrix(down)];
  const ratio = (maxAbs(b) * Math.abs(scale)) / maxAbs(a);
  if (!(ratio > 0 && Number.isFinite(ratio))) return { up, down, scale };
  const power = 2 ** Math.round(Math.log2(ratio) / 2);
  return { up: scaled(a, power), down: scaled(b, scale / power), scale: 1 };
}

/** The leading pairs of a product. */
function fromProduct(
  factors: StoredFactors,
  isSum: boolean,
  { rank, storedScale }: WriteCombinedInput,
  engine: Engine,
): ExactFactors {
  const kept = Array.from({ length: rank }, (_, i) => i);
  const spectrum = productSpectrum(factors.up, factors.down, { engine });
  const pairs = pairsOf(spectrum, kept, { engine });
  const exact = balancedFactors(factors, pairs, { gain: 1 / storedScale, engine });
  return {
    exact,
    measure: (written) => ({
      error: errorOf({ factors, spectrum, exact, written, storedScale, engine }),
      norm: norm(spectrum.s),
      isSum,
    }),
  };
}

/** The leading pairs of a matrix. */
function fromDense(
  matrix: Parameters<typeof decomposeDense>[0],
  { rank, storedScale, recipe }: WriteCombinedInput,
  engine: Engine,
): ExactFactors {
  const { u, s, v } = decomposeDense(matrix, {
    limits: { most: rank, error: 0 },
    seed: recipe.seed ?? 0,
    engine,
  });
  const roots = Float64Array.from({ length: rank }, (_, i) => Math.sqrt((s[i] ?? 0) / storedScale));
  const side = (x: Float64Matrix): Float64Matrix => scaledColumns(widened(x, rank), roots);
  return {
    exact: { up: side(toFloat64(u)), down: transpose(side(toFloat64(v))) },
    measure: (written) => ({
      error: denseDistance({ ...written, scale: storedScale }, matrix, { engine }),
      norm: frobeniusNorm(matrix),
      isSum: false,
    }),
  };
}

/** With columns of zeros up to a rank: what is decomposed may have fewer pairs than were planned. */
function widened({ rows, cols, data }: Float64Matrix, rank: number): Float64Matrix {
  if (cols === rank) return { rows, cols, data };
  const wide = zeros(rows, rank);
  for (let i = 0; i < rows; i++) wide.data.set(data.subarray(i * cols, (i + 1) * cols), i * rank);
  return wide;
}

import { type Float64Matrix, type Matrix, wideMatrix, zeros } from "@lora/linalg";
import type { StoredFactors } from "../delta.ts";
import { commonSize, sizeOf } from "./_common-size.ts";
import type { WeightedUpdate } from "./_merge-entries.ts";

/**
 * Σ wᵢ·ΔWᵢ as one product: [… √|gᵢ|·Bᵢ …] · [… ; ±√|gᵢ|·Aᵢ; …] with gᵢ = wᵢ·scaleᵢ and its sign on `down`. Exact, of inner
 * size Σrᵢ.
 *
 * @throws LoraError SHAPE when the updates differ in shape, or there are none
 */
export function stackedFactors(parts: readonly WeightedUpdate[]): StoredFactors {
  const { rows, cols } = commonSize(parts.map(({ update }) => sizeOf(update)));
  const rank = parts.reduce((sum, { update }) => sum + update.up.cols, 0);
  const [up, down] = [zeros(rows, rank), zeros(rank, cols)];
  let at = 0;
  for (const { update, weight } of parts) {
    const gain = weight * update.scale;
    const root = Math.sqrt(Math.abs(gain));
    copyColumns(wideMatrix(update.up), { into: up, at, factor: root });
    copyRows(wideMatrix(update.down), { into: down, at, factor: gain < 0 ? -root : root });
    at += update.up.cols;
  }
  return { up, down, scale: 1 };
}

/** Where a matrix goes, and what it is multiplied with on the way. */
interface Place {
  readonly into: Float64Matrix;
  /** First column, or row. */
  readonly at: number;
  readonly factor: number;
}

function copyColumns({ rows, cols, data }: Matrix, { into, at, factor }: Place): void {
  for (let i = 0, from = 0; i < rows; i++) {
    const to = i * into.cols + at;
    for (let j = 0; j < cols; j++) into.data[to + j] = factor * data[from++]!;
  }
}

function copyRows({ cols, data }: Matrix, { into, at, factor }: Place): void {
  const start = at * cols;
  for (let i = 0; i < data.length; i++) into.data[start + i] = factor * data[i]!;
}

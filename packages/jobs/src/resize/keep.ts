import type { EngineOptions, Float64Matrix, ProductSpectrum } from "@lora/linalg";
import { columns, multiply, scaledColumns } from "@lora/linalg";
import type { StoredFactors } from "@lora/peft";

/** Thin factors of an update: up (out × k), down (k × in). */
export interface KeptFactors {
  readonly up: Float64Matrix;
  readonly down: Float64Matrix;
}

/** Which pairs of an update are kept, and what they are multiplied with. */
export interface Keeping extends EngineOptions {
  /** Ascending indices of singular pairs. */
  readonly kept: readonly number[];
  /** > 0 */
  readonly gain: number;
}

/**
 * `gain · Σ σᵢ·uᵢ·vᵢᵀ` over the kept pairs as up · down, with √(gain·σᵢ) on either side: columns of up and
 * rows of down of equal norm waste least of a narrow float range. One product as wide as the pairs with each factor.
 */
export function balancedFactors(
  { up, down }: StoredFactors,
  { s, left, right }: ProductSpectrum,
  { kept, gain, engine }: Keeping,
): KeptFactors {
  const weights = kept.map((index) => Math.sqrt(gain * s[index]!));
  return {
    up: multiply(up, scaledColumns(columns(left, kept), weights), { engine }),
    down: multiply(scaledColumns(columns(right, kept), weights), down, { transA: true, engine }),
  };
}

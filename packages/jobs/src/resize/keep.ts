import {
  type EngineOptions,
  type Float64Matrix,
  multiply,
  type ProductSpectrum,
  scaledColumns,
} from "@lora/linalg";
import type { StoredFactors } from "@lora/peft";

/** Thin factors of an update: up (out × k), down (k × in). */
export interface KeptFactors {
  readonly up: Float64Matrix;
  readonly down: Float64Matrix;
}

/** How factors are made of pairs. */
export interface Keeping extends EngineOptions {
  /** > 0 */
  readonly gain: number;
}

/**
 * `gain · Σ σᵢ·uᵢ·vᵢᵀ` over the given pairs as up · down, with √(gain·σᵢ) on either side: columns of up and
 * rows of down of equal norm waste least of a narrow float range. One product as wide as the pairs with each factor.
 */
export function balancedFactors(
  { up, down }: StoredFactors,
  { s, left, right }: ProductSpectrum,
  { gain, engine }: Keeping,
): KeptFactors {
  const weights = s.map((value) => Math.sqrt(gain * value));
  return {
    up: multiply(up, scaledColumns(left, weights), { engine }),
    down: multiply(scaledColumns(right, weights), down, { transA: true, engine }),
  };
}

import type { EngineOptions, Float64Matrix } from "@lora/linalg";
import { multiply } from "@lora/linalg";
import type { StoredFactors } from "./delta.ts";

/** What inner products, angles and ranks of sums of two updates follow from. */
export interface FactorProducts {
  /** up₁ᵀ·up₂, r₁ × r₂ */
  readonly ups: Float64Matrix;
  /** down₁·down₂ᵀ, r₁ × r₂ */
  readonly downs: Float64Matrix;
  /** Of both, multiplied. */
  readonly scale: number;
}

/** The products of the factors of two updates: O((m + n)·r₁·r₂). */
export function factorProducts(
  a: StoredFactors,
  b: StoredFactors,
  { engine }: EngineOptions,
): FactorProducts {
  return {
    ups: multiply(a.up, b.up, { transA: true, engine }),
    downs: multiply(a.down, b.down, { transB: true, engine }),
    scale: a.scale * b.scale,
  };
}

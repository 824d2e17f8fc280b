import { LoraError } from "@lora/tensor";
import { checkMatrix } from "./check-matrix.ts";
import type { EngineOptions } from "./engine.ts";
import type { Matrix } from "./matrix.ts";
import { maxAbsolute } from "./ops/max-absolute.ts";
import { norm } from "./ops/norm.ts";
import { referenceEngine } from "./reference-engine.ts";

/** ‖a‖_F = √Σ aᵢⱼ², without overflow or underflow on the way. */
export function frobeniusNorm(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): number {
  checkMatrix(a, "a");
  return norm(a.data, engine);
}

/** The largest |aᵢⱼ|; 0 for an empty matrix, NaN when an entry is NaN. */
export function maxAbs(a: Matrix): number {
  checkMatrix(a, "a");
  return maxAbsolute(a.data);
}

/**
 * ⟨a, b⟩ = Σᵢⱼ aᵢⱼ·bᵢⱼ, in f64.
 *
 * @throws LoraError SHAPE when the shapes differ
 */
export function dot(a: Matrix, b: Matrix, { engine = referenceEngine }: EngineOptions = {}): number {
  checkMatrix(a, "a");
  checkMatrix(b, "b");
  if (a.rows !== b.rows || a.cols !== b.cols) {
    throw new LoraError(
      "SHAPE",
      `an inner product takes equal shapes, not ${a.rows} × ${a.cols} and ${b.rows} × ${b.cols}`,
      { a: [a.rows, a.cols], b: [b.rows, b.cols] },
    );
  }
  return engine.dot(a.data, b.data);
}

import { type AnyMatrix, type EngineOptions, type Matrix, multiply } from "@lora/linalg";
import type { StoredFactors } from "@lora/peft";

/** Rows of up and down, a pair a row, and the factors that were read. */
export interface WithRead extends EngineOptions {
  readonly factors: StoredFactors;
  readonly up: AnyMatrix;
  readonly down: AnyMatrix;
}

/** up·b and down·aᵀ for the factors b and a that were read. */
export interface ReadProducts {
  readonly up: Matrix;
  readonly down: Matrix;
}

/** The products of rows with the factors that were read: a product of each as wide as the update's rank. */
export function readProducts({ factors, up, down, engine }: WithRead, as: "f32" | "f64"): ReadProducts {
  return {
    up: multiply(up, factors.up, { as, engine }),
    down: multiply(down, factors.down, { transB: true, as, engine }),
  };
}

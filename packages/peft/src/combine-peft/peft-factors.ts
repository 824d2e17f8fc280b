import type { Float64Matrix } from "@lora/linalg";

/** Factors of a combined module; its scale is 1. */
export interface PeftFactors {
  readonly up: Float64Matrix;
  readonly down: Float64Matrix;
}

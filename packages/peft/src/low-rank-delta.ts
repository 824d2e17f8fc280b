import type { Engine, EngineOptions, Matrix, Svd } from "@lora/linalg";
import { dot, multiply, productSvd, scaled } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { Delta, Factors } from "./delta.ts";

/** What an update is multiplied with, and what it calculates with. */
export interface LowRankDeltaOptions extends EngineOptions {
  /** 1 when left out. */
  readonly scale?: number | undefined;
}

/**
 * ΔW = scale · up · down, never formed. The scale is folded into `up` once.
 * Costs, with m × n the shape and r the rank: products with k columns (m + n)·r·k; norm and inner product
 * (m + n)·r²; SVD (m + n)·r² + r³.
 */
export class LowRankDelta implements Delta {
  readonly rows: number;
  readonly cols: number;
  readonly maxRank: number;
  readonly #factors: Factors;
  readonly #engine: Engine | undefined;

  /**
   * @param up m × r
   * @param down r × n
   * @throws LoraError SHAPE when the inner sizes differ
   */
  constructor(up: Matrix, down: Matrix, { scale = 1, engine }: LowRankDeltaOptions = {}) {
    if (up.cols !== down.rows) {
      throw new LoraError(
        "SHAPE",
        `up (${up.rows} × ${up.cols}) and down (${down.rows} × ${down.cols}) have different ranks`,
        { up: [up.rows, up.cols], down: [down.rows, down.cols] },
      );
    }
    this.rows = up.rows;
    this.cols = down.cols;
    this.maxRank = up.cols;
    this.#engine = engine;
    this.#factors = { up: scale === 1 ? up : scaled(up, scale), down };
  }

  multiply(x: Matrix): Matrix {
    const engine = this.#engine;
    return multiply(this.#factors.up, multiply(this.#factors.down, x, { engine }), { engine });
  }

  multiplyTransposed(x: Matrix): Matrix {
    const transposed = { transA: true, engine: this.#engine } as const;
    return multiply(this.#factors.down, multiply(this.#factors.up, x, transposed), transposed);
  }

  frobeniusNorm(): number {
    // Rounding can leave a tiny negative number where the product is zero.
    return Math.sqrt(Math.max(0, this.inner(this)));
  }

  /**
   * ⟨B₁A₁, B₂A₂⟩ = Σ (B₁ᵀB₂ ∘ A₁A₂ᵀ), two r₁ × r₂ matrices. Error below a few ε·‖B₁‖‖A₁‖‖B₂‖‖A₂‖.
   *
   * @throws LoraError SHAPE when the other update is of another shape
   */
  inner(other: Delta): number {
    const { up, down } = other.factors();
    return dot(
      multiply(this.#factors.up, up, { transA: true, engine: this.#engine }),
      multiply(this.#factors.down, down, { transB: true, engine: this.#engine }),
    );
  }

  factors(): Factors {
    return this.#factors;
  }

  svd(): Svd {
    return productSvd(this.#factors.up, this.#factors.down, { engine: this.#engine });
  }
}

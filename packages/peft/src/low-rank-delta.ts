import type {
  AnyMatrix,
  Engine,
  EngineOptions,
  Matrix,
  ProductBasis,
  ProductSpectrum,
  ReducedProduct,
  Svd,
} from "@lora/linalg";
import {
  dot,
  multiply,
  productBasis,
  productBasisInRuns,
  productSingularValues,
  productSpectrum,
  productSvd,
  scaled,
  wideMatrix,
} from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { Delta, Factors, StoredFactors } from "./delta.ts";

/** What an update is multiplied with, and what it calculates with. */
export interface LowRankDeltaOptions extends EngineOptions {
  /** 1 when left out. */
  readonly scale?: number | undefined;
}

/**
 * ΔW = scale · up · down, never formed.
 * Costs, with m × n the shape and r the rank: products with k columns (m + n)·r·k; norm and inner product
 * (m + n)·r²; SVD (m + n)·r² + r³.
 */
export class LowRankDelta implements Delta {
  readonly rows: number;
  readonly cols: number;
  readonly maxRank: number;
  readonly #given: StoredFactors;
  #folded: Factors | undefined;
  #basis: ProductBasis | undefined;
  readonly #engine: Engine | undefined;

  /**
   * @param up m × r
   * @param down r × n
   * @throws LoraError SHAPE when the inner sizes differ
   */
  constructor(up: AnyMatrix, down: AnyMatrix, { scale = 1, engine }: LowRankDeltaOptions = {}) {
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
    this.#given = { up, down, scale };
  }

  multiply(x: Matrix): Matrix {
    const engine = this.#engine;
    const { up, down, scale } = this.#given;
    return multiply(up, multiply(down, x, { engine }), { alpha: scale, engine });
  }

  multiplyTransposed(x: Matrix): Matrix {
    const transposed = { transA: true, engine: this.#engine } as const;
    const { up, down, scale } = this.#given;
    return multiply(down, multiply(up, x, transposed), { ...transposed, alpha: scale });
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
    const { up, down, scale } = this.#given;
    const others = other.storedFactors();
    const inner = dot(
      multiply(up, others.up, { transA: true, engine: this.#engine }),
      multiply(down, others.down, { transB: true, engine: this.#engine }),
    );
    return scale * others.scale * inner;
  }

  factors(): Factors {
    const { up, down, scale } = this.#given;
    return (this.#folded ??= { up: scaled(wideMatrix(up), scale), down: wideMatrix(down) });
  }

  storedFactors(): StoredFactors {
    return this.#given;
  }

  singularValues(): Float64Array {
    const { up, down, scale } = this.#given;
    const values = productSingularValues(up, down, { engine: this.#engine });
    return values.map((value) => Math.abs(scale) * value);
  }

  spectrum(): ProductSpectrum {
    const { up, down, scale } = this.#given;
    return productSpectrum(up, down, { gain: scale, engine: this.#engine });
  }

  basis(): ProductBasis {
    const { up, down, scale } = this.#given;
    return (this.#basis ??= productBasis(up, down, { gain: scale, engine: this.#engine }));
  }

  basisInRuns(): ReducedProduct | undefined {
    const { up, down, scale } = this.#given;
    return productBasisInRuns(up, down, { gain: scale, engine: this.#engine });
  }

  svd(): Svd {
    const { up, down, scale } = this.#given;
    const { u, s, v } = productSvd(up, down, { engine: this.#engine });
    return { u: signed(u, scale), s: s.map((value) => Math.abs(scale) * value), v };
  }
}

/** With the sign of the scale, since singular values have none. */
function signed(x: Matrix, scale: number): Matrix {
  return scale < 0 ? scaled(x, -1) : x;
}

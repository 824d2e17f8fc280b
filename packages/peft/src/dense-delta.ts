import type {
  AnyMatrix,
  Engine,
  Float64Matrix,
  Matrix,
  ProductBasis,
  ProductSpectrum,
  Svd,
} from "@lora/linalg";
import {
  dot,
  frobeniusNorm,
  identity,
  multiply,
  productSpectrum,
  scaled,
  singularValues,
  svd,
  wideMatrix,
} from "@lora/linalg";
import type { Delta, Factors, StoredFactors } from "./delta.ts";
import type { LowRankDeltaOptions } from "./low-rank-delta.ts";

/**
 * ΔW = scale · whole: an update with as many values as its weight. Products and norms read them as they are; as factors
 * it is a product with the identity on its shorter side.
 */
export class DenseDelta implements Delta {
  readonly rows: number;
  readonly cols: number;
  readonly maxRank: number;
  readonly #whole: AnyMatrix;
  readonly #scale: number;
  readonly #engine: Engine | undefined;
  #wide: Float64Matrix | undefined;

  constructor(whole: AnyMatrix, { scale = 1, engine }: LowRankDeltaOptions = {}) {
    this.rows = whole.rows;
    this.cols = whole.cols;
    this.maxRank = Math.min(whole.rows, whole.cols);
    this.#whole = whole;
    this.#scale = scale;
    this.#engine = engine;
  }

  /** ΔW, scale included. */
  matrix(): Float64Matrix {
    return (this.#wide ??= scaled(wideMatrix(this.#whole), this.#scale));
  }

  multiply(x: Matrix): Matrix {
    return multiply(this.#whole, x, { alpha: this.#scale, engine: this.#engine });
  }

  multiplyTransposed(x: Matrix): Matrix {
    return multiply(this.#whole, x, { transA: true, alpha: this.#scale, engine: this.#engine });
  }

  frobeniusNorm(): number {
    return Math.abs(this.#scale) * frobeniusNorm(wideMatrix(this.#whole));
  }

  /** ⟨M, B·A⟩ = ⟨M·Aᵀ, B⟩: O(m·n·r), and O(m·n) with another whole update. */
  inner(other: Delta): number {
    if (other instanceof DenseDelta) return dot(this.matrix(), other.matrix());
    const { up, down, scale } = other.storedFactors();
    const turned = multiply(this.#whole, down, { transB: true, engine: this.#engine });
    return this.#scale * scale * dot(turned, wideMatrix(up));
  }

  factors(): Factors {
    const { up, down, scale } = this.storedFactors();
    return { up: scaled(wideMatrix(up), scale), down: wideMatrix(down) };
  }

  storedFactors(): StoredFactors {
    const scale = this.#scale;
    return this.rows <= this.cols
      ? { up: identity(this.rows), down: this.#whole, scale }
      : { up: this.#whole, down: identity(this.cols), scale };
  }

  singularValues(): Float64Array {
    return singularValues(this.matrix(), { engine: this.#engine });
  }

  spectrum(): ProductSpectrum {
    const { up, down, scale } = this.storedFactors();
    return productSpectrum(up, down, { gain: scale, engine: this.#engine });
  }

  basis(): ProductBasis {
    return this.spectrum();
  }

  svd(): Svd {
    return svd(this.matrix(), { engine: this.#engine });
  }
}

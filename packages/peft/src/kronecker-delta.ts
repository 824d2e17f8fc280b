import type { Engine, Float64Matrix, Matrix, ProductBasis, ProductSpectrum, Svd } from "@lora/linalg";
import { columns, wideMatrix, zeros } from "@lora/linalg";
import type { AnyMatrix } from "@lora/linalg";
import type { Delta, Factors, StoredFactors } from "./delta.ts";
import type { LowRankDeltaOptions } from "./low-rank-delta.ts";
import { LowRankDelta } from "./low-rank-delta.ts";

/**
 * ΔW = scale · W₁ ⊗ W₂, never formed. Norms and inner products with another such update come from those of the two
 * small matrices, singular values are their products σᵢ·τⱼ, and singular vectors u ⊗ u′ and v ⊗ v′: two small
 * decompositions in place of a large one. Products go through the exact factors (U₁ ⊗ U₂)·(D₁ ⊗ D₂).
 */
export class KroneckerDelta implements Delta {
  readonly rows: number;
  readonly cols: number;
  readonly maxRank: number;
  readonly #outer: Delta;
  readonly #inner: Delta;
  readonly #scale: number;
  readonly #engine: Engine | undefined;
  #made: LowRankDelta | undefined;

  /**
   * @param outer W₁, its scale 1
   * @param inner W₂, its scale 1
   */
  constructor(outer: Delta, inner: Delta, { scale = 1, engine }: LowRankDeltaOptions = {}) {
    this.rows = outer.rows * inner.rows;
    this.cols = outer.cols * inner.cols;
    this.maxRank = outer.maxRank * inner.maxRank;
    this.#outer = outer;
    this.#inner = inner;
    this.#scale = scale;
    this.#engine = engine;
  }

  multiply(x: Matrix): Matrix {
    return this.#product().multiply(x);
  }

  multiplyTransposed(x: Matrix): Matrix {
    return this.#product().multiplyTransposed(x);
  }

  frobeniusNorm(): number {
    return Math.abs(this.#scale) * this.#outer.frobeniusNorm() * this.#inner.frobeniusNorm();
  }

  inner(other: Delta): number {
    if (!(other instanceof KroneckerDelta) || !this.#sameBlocks(other)) return this.#product().inner(other);
    return this.#scale * other.#scale * this.#outer.inner(other.#outer) * this.#inner.inner(other.#inner);
  }

  factors(): Factors {
    return this.#product().factors();
  }

  storedFactors(): StoredFactors {
    return this.#product().storedFactors();
  }

  singularValues(): Float64Array {
    return this.#values(this.#outer.singularValues(), this.#inner.singularValues()).s;
  }

  spectrum(): ProductSpectrum {
    const [a, b] = [this.#outer.spectrum(), this.#inner.spectrum()];
    const { order, s } = this.#values(a.s, b.s);
    return {
      s,
      left: signed(columns(kronecker(a.left, b.left), order), this.#scale),
      right: columns(kronecker(a.right, b.right), order),
    };
  }

  basis(): ProductBasis {
    return this.spectrum();
  }

  svd(): Svd {
    const [a, b] = [this.#outer.svd(), this.#inner.svd()];
    const { order, s } = this.#values(a.s, b.s);
    return {
      u: signed(columns(kronecker(a.u, b.u), order), this.#scale),
      s,
      v: columns(kronecker(a.v, b.v), order),
    };
  }

  /** All σᵢ·τⱼ descending, and where in i, j order each stands. */
  #values(a: Float64Array, b: Float64Array): { readonly order: number[]; readonly s: Float64Array } {
    const products = Float64Array.from(
      { length: a.length * b.length },
      (_, at) => Math.abs(this.#scale) * a[Math.floor(at / b.length)]! * b[at % b.length]!,
    );
    const order = [...products.keys()].sort((i, j) => products[j]! - products[i]! || i - j);
    return { order, s: Float64Array.from(order, (at) => products[at]!) };
  }

  #sameBlocks(other: KroneckerDelta): boolean {
    return this.#outer.rows === other.#outer.rows && this.#outer.cols === other.#outer.cols;
  }

  #product(): LowRankDelta {
    if (this.#made !== undefined) return this.#made;
    const [a, b] = [this.#outer.storedFactors(), this.#inner.storedFactors()];
    const options = { scale: this.#scale, engine: this.#engine };
    return (this.#made = new LowRankDelta(kronecker(a.up, b.up), kronecker(a.down, b.down), options));
  }
}

/** a ⊗ b: entry (i·p + k, j·q + l) is a[i, j]·b[k, l]. */
function kronecker(first: AnyMatrix, second: AnyMatrix): Float64Matrix {
  const [a, b] = [wideMatrix(first), wideMatrix(second)];
  const result = zeros(a.rows * b.rows, a.cols * b.cols);
  let at = 0;
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < b.rows; k++) {
      for (let j = 0; j < a.cols; j++) {
        const factor = a.data[i * a.cols + j]!;
        for (let l = 0; l < b.cols; l++) result.data[at++] = factor * b.data[k * b.cols + l]!;
      }
    }
  }
  return result;
}

/** With the sign of the scale, since singular values have none. */
function signed(x: Matrix, scale: number): Matrix {
  return scale < 0 ? { ...x, data: x.data.map((value) => -value) } : x;
}

import type { Engine, Matrix, MatrixLike, ProductBasis, ProductSpectrum, Svd } from "@lora/linalg";
import { columns, zeros } from "@lora/linalg";
import type { Delta, Factors, StoredFactors } from "./delta.ts";
import type { FactorProducts } from "./factor-products.ts";
import { factorProducts } from "./factor-products.ts";
import { kronecker } from "./kronecker.ts";
import type { LowRankDeltaOptions } from "./low-rank-delta.ts";
import { LowRankDelta } from "./low-rank-delta.ts";

/**
 * ΔW = scale · W₁ ⊗ W₂, never formed. Norms and inner products with another such update come from those of the two
 * small matrices, singular values are their products σᵢ·τⱼ, and singular vectors u ⊗ u′ and v ⊗ v′: two small
 * decompositions in place of a large one. Products are made with one small matrix after the other. Only `factors` forms
 * something large: (U₁ ⊗ U₂)·(D₁ ⊗ D₂).
 */
export class KroneckerDelta implements Delta {
  readonly rows: number;
  readonly cols: number;
  readonly maxRank: number;
  /** W₁ */
  readonly outer: Delta;
  /** W₂ */
  readonly block: Delta;
  readonly scale: number;
  readonly #engine: Engine | undefined;
  #made: LowRankDelta | undefined;

  /**
   * @param outer W₁
   * @param block W₂
   */
  constructor(outer: Delta, block: Delta, { scale = 1, engine }: LowRankDeltaOptions = {}) {
    this.rows = outer.rows * block.rows;
    this.cols = outer.cols * block.cols;
    this.maxRank = outer.maxRank * block.maxRank;
    this.outer = outer;
    this.block = block;
    this.scale = scale;
    this.#engine = engine;
  }

  multiply(x: Matrix): Matrix {
    return multiplied(this.outer, this.block, { x, scale: this.scale });
  }

  multiplyTransposed(x: Matrix): Matrix {
    return multiplied(turned(this.outer), turned(this.block), { x, scale: this.scale });
  }

  frobeniusNorm(): number {
    return Math.abs(this.scale) * this.outer.frobeniusNorm() * this.block.frobeniusNorm();
  }

  inner(other: Delta): number {
    if (!(other instanceof KroneckerDelta) || !this.hasBlocksOf(other)) return this.#product().inner(other);
    return this.scale * other.scale * this.outer.inner(other.outer) * this.block.inner(other.block);
  }

  factors(): Factors {
    return this.#product().factors();
  }

  storedFactors(): StoredFactors {
    return this.#product().storedFactors();
  }

  singularValues(): Float64Array {
    return this.#values(this.outer.singularValues(), this.block.singularValues()).s;
  }

  spectrum(): ProductSpectrum {
    const [a, b] = [this.outer.spectrum(), this.block.spectrum()];
    const { order, s } = this.#values(a.s, b.s);
    return {
      s,
      left: signed(columns(kronecker(a.left, b.left), order), this.scale),
      right: columns(kronecker(a.right, b.right), order),
    };
  }

  basis(): ProductBasis {
    return this.spectrum();
  }

  svd(): Svd {
    const [a, b] = [this.outer.svd(), this.block.svd()];
    const { order, s } = this.#values(a.s, b.s);
    return {
      u: signed(columns(kronecker(a.u, b.u), order), this.scale),
      s,
      v: columns(kronecker(a.v, b.v), order),
    };
  }

  /** All σᵢ·τⱼ descending, and where in i, j order each stands. */
  #values(a: Float64Array, b: Float64Array): { readonly order: number[]; readonly s: Float64Array } {
    const products = Float64Array.from(
      { length: a.length * b.length },
      (_, at) => Math.abs(this.scale) * a[Math.floor(at / b.length)]! * b[at % b.length]!,
    );
    const order = [...products.keys()].sort((i, j) => products[j]! - products[i]! || i - j);
    return { order, s: Float64Array.from(order, (at) => products[at]!) };
  }

  /** Whether an update of the same shape is cut into blocks of the same shape. */
  hasBlocksOf(other: KroneckerDelta): boolean {
    return this.outer.rows === other.outer.rows && this.outer.cols === other.outer.cols;
  }

  /** up₁ᵀ·up₂ and down₁·down₂ᵀ of the stored factors of two updates with blocks of one shape, from those of the small matrices. */
  factorProducts(other: KroneckerDelta): FactorProducts {
    const options = { engine: this.#engine };
    const [outer, block] = [
      factorProducts(this.outer.storedFactors(), other.outer.storedFactors(), options),
      factorProducts(this.block.storedFactors(), other.block.storedFactors(), options),
    ];
    return {
      ups: kronecker(outer.ups, block.ups),
      downs: kronecker(outer.downs, block.downs),
      scale: this.scale * other.scale * outer.scale * block.scale,
    };
  }

  #product(): LowRankDelta {
    if (this.#made !== undefined) return this.#made;
    const [a, b] = [this.outer.storedFactors(), this.block.storedFactors()];
    const options = { scale: this.scale * a.scale * b.scale, engine: this.#engine };
    return (this.#made = new LowRankDelta(kronecker(a.up, b.up), kronecker(a.down, b.down), options));
  }
}

/** What a Kronecker product is multiplied with. */
interface Multiplied {
  readonly x: Matrix;
  readonly scale: number;
}

/** scale · (a ⊗ b)·x: rows j·q + l of x are row l of block j, so that a takes whole blocks, and b the rows of each. */
function multiplied(a: MatrixLike, b: MatrixLike, { x, scale }: Multiplied): Matrix {
  const { cols } = x;
  const blocks = a.multiply({ rows: a.cols, cols: b.cols * cols, data: x.data });
  const result = zeros(a.rows * b.rows, cols);
  for (let i = 0; i < a.rows; i++) {
    const data = blocks.data.subarray(i * blocks.cols, (i + 1) * blocks.cols);
    const product = b.multiply({ rows: b.cols, cols, data }).data;
    const start = i * b.rows * cols;
    for (let at = 0; at < product.length; at++) result.data[start + at] = scale * product[at]!;
  }
  return result;
}

function turned(a: MatrixLike): MatrixLike {
  return {
    rows: a.cols,
    cols: a.rows,
    multiply: (x) => a.multiplyTransposed(x),
    multiplyTransposed: (x) => a.multiply(x),
  };
}

/** With the sign of the scale, since singular values have none. */
function signed(x: Matrix, scale: number): Matrix {
  return scale < 0 ? { ...x, data: x.data.map((value) => -value) } : x;
}

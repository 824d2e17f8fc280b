import type {
  Engine,
  EngineOptions,
  FactorGrams,
  Matrix,
  ProductBasis,
  ProductSpectrum,
  Svd,
} from "@lora/linalg";
import { productBasisOfGrams, zeros } from "@lora/linalg";
import type { Delta, Factors, StoredFactors } from "../delta.ts";
import type { FactorProducts } from "../factor-products.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import { productsOf } from "./_products-of.ts";
import type { WeightedDelta } from "./_shared-factors.ts";
import { stackedFactors } from "./_stacked.ts";

/**
 * Σ wᵢ·ΔWᵢ through factors side by side, which are not formed before they are asked for: the basis of the sum follows from their
 * Gram matrices, and those of Kronecker products from small ones.
 */
export class StackedDelta implements Delta {
  readonly rows: number;
  readonly cols: number;
  readonly maxRank: number;
  readonly #parts: readonly WeightedDelta[];
  readonly #engine: Engine | undefined;
  #made: LowRankDelta | undefined;
  #basis: ProductBasis | undefined;

  /** @param parts one or more, of one shape */
  constructor(parts: readonly WeightedDelta[], { engine }: EngineOptions) {
    const [{ delta }] = parts as [WeightedDelta];
    this.rows = delta.rows;
    this.cols = delta.cols;
    this.maxRank = parts.reduce((sum, part) => sum + part.delta.maxRank, 0);
    this.#parts = parts;
    this.#engine = engine;
  }

  multiply(x: Matrix): Matrix {
    return this.#product().multiply(x);
  }

  multiplyTransposed(x: Matrix): Matrix {
    return this.#product().multiplyTransposed(x);
  }

  frobeniusNorm(): number {
    return this.#product().frobeniusNorm();
  }

  inner(other: Delta): number {
    return this.#product().inner(other);
  }

  factors(): Factors {
    return this.#product().factors();
  }

  storedFactors(): StoredFactors {
    return this.#product().storedFactors();
  }

  singularValues(): Float64Array {
    return this.#product().singularValues();
  }

  spectrum(): ProductSpectrum {
    return this.#product().spectrum();
  }

  basis(): ProductBasis {
    return (this.#basis ??= this.#basisOfGrams() ?? this.#product().basis());
  }

  svd(): Svd {
    return this.#product().svd();
  }

  #product(): LowRankDelta {
    if (this.#made !== undefined) return this.#made;
    const given = this.#parts.map(({ delta, weight }) => ({ update: delta.storedFactors(), weight }));
    const { up, down, scale } = stackedFactors(given);
    return (this.#made = new LowRankDelta(up, down, { scale, engine: this.#engine }));
  }

  #basisOfGrams(): ProductBasis | undefined {
    const { rows, cols, maxRank } = this;
    if (maxRank > Math.min(rows, cols)) return undefined;
    const [left, right] = [zeros(maxRank, maxRank), zeros(maxRank, maxRank)];
    let row = 0;
    for (const [i, a] of this.#parts.entries()) {
      let column = row;
      for (const b of this.#parts.slice(i)) {
        const products = productsOf(a.delta, b.delta, { engine: this.#engine });
        placeBoth({ left, right }, products, { row, column, weight: a.weight * b.weight });
        column += b.delta.maxRank;
      }
      row += a.delta.maxRank;
    }
    const grams: FactorGrams = { left, right, rows, cols };
    return productBasisOfGrams(grams, { engine: this.#engine });
  }
}

/** Where a block begins, and the weights of its two updates. */
interface Place {
  readonly row: number;
  readonly column: number;
  readonly weight: number;
}

/** Writes the inner products of two updates above and below the diagonal, at the weights that `stackedFactors` gives. */
function placeBoth(
  { left, right }: { readonly left: Matrix; readonly right: Matrix },
  { ups, downs, scale }: FactorProducts,
  { row, column, weight }: Place,
): void {
  const size = Math.sqrt(Math.abs(weight * scale));
  const sign = Math.sign(weight * scale);
  for (let i = 0, from = 0; i < ups.rows; i++) {
    for (let j = 0; j < ups.cols; j++, from++) {
      const [above, below] = [(row + i) * left.cols + column + j, (column + j) * left.cols + row + i];
      left.data[above] = left.data[below] = size * ups.data[from]!;
      right.data[above] = right.data[below] = sign * size * downs.data[from]!;
    }
  }
}

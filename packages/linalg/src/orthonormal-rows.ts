import type { Engine } from "./engine.ts";
import { strided, transposed } from "./ops/strided.ts";

/** A basis that grows: its vectors are the rows of one array, so that all are multiplied with at once. */
export class OrthonormalRows {
  readonly #length: number;
  #data: Float64Array;
  #count = 0;

  /** @param length of each vector */
  constructor(length: number) {
    this.#length = length;
    this.#data = new Float64Array(8 * length);
  }

  /** Vector number `index`, as it lies until the next is added. */
  at(index: number): Float64Array {
    return this.#data.subarray(index * this.#length, (index + 1) * this.#length);
  }

  /** Adds a copy of a vector. */
  push(vector: Float64Array): void {
    const end = this.#count * this.#length;
    if (end === this.#data.length) {
      const larger = new Float64Array(2 * end);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data.set(vector, end);
    this.#count++;
  }

  /**
   * Takes out of `vector` what lies in the span. Twice, because the first pass leaves rounding errors of the size of
   * what it removed (Giraud et al., "The loss of orthogonality in the Gram-Schmidt orthogonalization process", 2005).
   */
  projectOut(engine: Engine, vector: Float64Array): void {
    if (this.#count === 0) return;
    const data = this.#data.subarray(0, this.#count * this.#length);
    const basis = strided({ rows: this.#count, cols: this.#length, data });
    const x = strided({ rows: this.#length, cols: 1, data: vector });
    const along = strided({ rows: this.#count, cols: 1, data: new Float64Array(this.#count) });
    for (let pass = 0; pass < 2; pass++) {
      engine.gemm({ a: basis, b: x, c: along });
      engine.gemm({ a: transposed(basis), b: along, c: x, alpha: -1, add: true });
    }
  }
}

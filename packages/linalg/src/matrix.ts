/**
 * A dense matrix, row-major: element (i, j) is `data[i * cols + j]`. A plain object, so that any typed
 * array of the right length is a matrix without a copy.
 */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array | Float32Array;
}

/** A type of sixteen bits. */
export type HalfType = "f16" | "bf16";

/** A dense matrix of sixteen-bit values by their bits, row-major: as it is stored, and half the size of f32. */
export interface HalfMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Uint16Array;
  readonly dtype: HalfType;
}

/** What products take: values of any of the types, widened as they are read. */
export type AnyMatrix = Matrix | HalfMatrix;

/**
 * Anything that can be multiplied with: a matrix in memory, a product of factors, weights decoded on
 * the fly. The iterative methods need no more than this.
 */
export interface MatrixLike {
  readonly rows: number;
  readonly cols: number;
  /** this · x: (rows × cols) · (cols × k) */
  multiply(x: Matrix): Matrix;
  /** thisᵀ · x: (cols × rows) · (rows × k) */
  multiplyTransposed(x: Matrix): Matrix;
  /** thisᵀ · this · x for one column, with the rounding of f32 (when left out) or of f64. */
  multiplyNormal?(x: Float64Array, as?: "f32" | "f64"): Float64Array;
  /**
   * Runs `work` with thisᵀ · this · x of values that are rounded to a hundredth or so of their size, which is faster: for
   * iterations that are finished with `multiplyNormal`.
   */
  withRoundedNormal?<T>(work: (multiplyNormal: (x: Float64Array) => Float64Array) => T): T;
  /** Runs `work` with the same map made ready for many products, where there is something to make ready. */
  hold?<T>(work: (held: MatrixLike) => T): T;
}

/** u · diag(s) · vᵀ with orthonormal columns in u and v, and s descending, ≥ 0. */
export interface Svd {
  /** m × k */
  readonly u: Matrix;
  /** k values */
  readonly s: Float64Array;
  /** n × k (not transposed) */
  readonly v: Matrix;
}

import type { Float64Matrix } from "./float64-matrix.ts";
import type { AnyMatrix, Matrix, MatrixLike } from "./matrix.ts";
import type { Operand, Strided } from "./ops/strided.ts";
import type { ReflectorBlock } from "./reflector-blocks.ts";
import type { StoredMap, StoredMatrix, StoredSource, StoredType } from "./stored-matrix.ts";

/** c = alpha · a · b, of views: transposing or taking a block of an operand costs nothing. */
export interface Product {
  readonly a: Operand;
  readonly b: Operand;
  readonly c: Strided;
  /** 1 when left out. */
  readonly alpha?: number | undefined;
  /** c += instead of c =. */
  readonly add?: boolean | undefined;
}

/** Equally long vectors of doubles, held where an engine calculates with them. They are known by their index. */
export interface Rows {
  readonly count: number;
  /** Σ xᵢ·yᵢ over the components up to `end`, from `from` on (0 when left out). */
  dot(x: number, y: number, end: number, from?: number): number;
  /** y += alpha · x from component `from` on. */
  axpy(alpha: number, x: number, y: number, from: number): void;
  /** A vector where it lies. Good until the engine is used for anything but these rows. */
  vector(x: number): Float64Array;
  /** x ← c·x − s·y, y ← s·x + c·y */
  rotate(x: number, y: number, turn: Turn): void;
  /** y ← H·y for the reflector that `makeReflector` left in x. Gives the first component of y that it changed. */
  reflect(x: number, y: number, reflector: Reflector): number;
  /**
   * One pass over a symmetric block of which the upper triangle is kept: a ← a − x·yᵀ − y·xᵀ, and w such that H·a·H is
   * a − v·wᵀ − w·vᵀ for H = I − tau·v·vᵀ. That is written to the first row alone: the next pass, over the rest, takes it off
   * as its x and y. Overwrites w.
   */
  reflectSymmetric(block: SymmetricBlock, tau: number): void;
  /** Exchanges two vectors. */
  swap(x: number, y: number): void;
}

/** I − tau·v·vᵀ on the components from `from` on, where v begins with a 1 that is not written. */
export interface Reflector {
  readonly tau: number;
  readonly from: number;
}

/** A symmetric block: rows and components `from` to `end` (exclusive), and the vectors of a pass over it. No row was exchanged. */
export interface SymmetricBlock {
  readonly from: number;
  readonly end: number;
  readonly x: number;
  readonly y: number;
  readonly v: number;
  readonly w: number;
}

/** A plane rotation: cosine and sine. */
export interface Turn {
  readonly c: number;
  readonly s: number;
}

/** Values as they are stored, dense and little-endian, and where they go. */
export interface Widening {
  readonly bytes: Uint8Array;
  readonly from: "bf16" | "f16";
  readonly out: Float32Array;
}

/** A matrix as it is stored, and the product that is added to it where it lies. */
export interface StoredSum {
  /** rows × cols values, dense and little-endian; they are overwritten. */
  readonly bytes: Uint8Array;
  readonly dtype: StoredType;
  /** rows × k */
  readonly a: Operand;
  /** k × cols */
  readonly b: Operand;
  /** 1 when left out. */
  readonly alpha?: number | undefined;
  /** Round the product to the stored type before it is added, as well as the sum. */
  readonly roundProduct?: boolean | undefined;
}

/** A sum whose rows are given by and by. */
export interface RowsOfSum extends Omit<StoredSum, "bytes"> {
  /** Rows that are given at a time, at most. */
  readonly room: number;
}

/** A sum whose factors an engine holds. */
export interface HeldSum {
  /** Room for rows as they are stored, dense; a view of the engine's memory, for as long as it holds the sum. */
  readonly memory: Uint8Array;
  /**
   * Adds to the first `count` rows in the memory, which are those from `first` on.
   *
   * @param first a multiple of 24
   */
  add(first: number, count: number): void;
  /** Of all that was added to until now. */
  facts(): SumFacts;
}

/** What was added to, and what rounding made of the sum; not finite where a value is not. */
export interface SumFacts {
  /** Σ of the squares of the values before. */
  readonly squares: number;
  /** Σ of the squares of what each value is off from before + alpha · a · b. */
  readonly errorSquares: number;
}

/** How a Gram matrix may be summed. */
export interface GramSums {
  /**
   * Of factors that are not f64, runs of at most 32 products may be summed in f32 and these sums in f64: twice as fast. An entry
   * is off by 32·2⁻²⁴·|x|ᵀ·|x| at most, and where errors are independent by 32·2⁻²⁴/√rows of the lengths of its columns.
   */
  readonly inRuns?: boolean | undefined;
}

/**
 * What everything here is calculated with: the loops that take the time. Give one to any function that takes
 * `engine`; without it that is `referenceEngine`. An engine is used by one calculation at a time.
 */
export interface Engine {
  /** `reference`, or the kernel: `wasm relaxed-6x8`. */
  readonly id: string;
  /**
   * A product. Sums are f64 and error is (k + 2)·2⁻⁵³·|alpha|·|a|·|b| entry by entry; where c is f32 and neither a nor b is f64
   * an engine may sum in f32, with 2⁻²⁴ in place of 2⁻⁵³.
   */
  gemm(product: Product): void;
  /** xᵀ·x, symmetric to the bit. Sums are f64, or as `sums` allows. */
  gram(x: Operand, sums?: GramSums): Float64Matrix;
  /**
   * The lower triangle of a symmetric matrix ← its Cholesky factor, in place; what is above the diagonal is neither read nor written.
   * Gives the index of the first pivot that is not positive, which is left on the diagonal, or the number of rows.
   */
  cholesky(a: Float64Matrix): number;
  /** x ← x · l⁻ᵀ in place, l lower triangular with a non-zero diagonal. Backward stable row by row. */
  solveTriangular(x: Float64Matrix, l: Float64Matrix): void;
  /** x ← (H₁·H₂·…)·x for each row x, of the reflectors of all blocks in the order they were made. */
  reflect(blocks: readonly ReflectorBlock[], x: Float64Matrix): void;
  /** Whether no value is NaN or infinite. */
  allFinite(a: AnyMatrix): boolean;
  /** Σ xᵢ·yᵢ with f64 sums. */
  dot(x: Matrix["data"], y: Matrix["data"]): number;
  /**
   * Stored values of sixteen bits as f32, exactly.
   *
   * @throws LoraError SHAPE when the bytes are not those of `out.length` values
   */
  widen(values: Widening): void;
  /**
   * w ← w + alpha · a · b in the stored type: the product in f32, times alpha in f32, added in f32, rounded once to nearest,
   * ties to even. Factors of doubles are rounded to f32 first. The facts are good to three digits.
   *
   * @throws LoraError SHAPE when the bytes are not those of a.rows × b.cols values
   */
  addStored(sum: StoredSum): SumFacts;
  /** Runs `work` with the factors of `addStored` made ready, to which rows are brought where they are added to: none is copied. */
  withStoredSum<T>(sum: RowsOfSum, work: (held: HeldSum) => T): T;
  /** Runs `work` with `map`, which multiplies with `a`, made ready for many products with one column. */
  withMatrix<T>(a: Matrix, map: MatrixLike, work: (held: MatrixLike) => T): T;
  /**
   * Runs `work` with a matrix that stays as it is stored, and is widened bit by bit as it is read. A source is asked for its
   * bytes where the engine has room for them, so that they are copied once.
   *
   * @throws LoraError SHAPE when its data is not rows × cols long
   */
  withStored<T>(a: StoredMatrix | StoredSource, work: (held: StoredMap) => T): T;
  /**
   * a · x in f32 for a matrix that is read once, some rows at a time, so that it is in the cache from being read to being multiplied.
   *
   * @param x of f32
   * @returns `undefined` when a value of `a` is NaN or infinite
   * @throws LoraError SHAPE when its data is not rows × cols long
   */
  timesStored(a: StoredMatrix | StoredSource, x: Matrix): Matrix | undefined;
  /** Runs `work` with vectors that are in the engine's hands meanwhile; they have its results afterwards. */
  withRows<T>(vectors: readonly Float64Array[], work: (rows: Rows) => T): T;
}

/** What every function that calculates takes. */
export interface EngineOptions {
  /** `referenceEngine` when left out. */
  readonly engine?: Engine | undefined;
}

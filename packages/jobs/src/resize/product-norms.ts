import {
  dot,
  type EngineOptions,
  frobeniusNorm,
  type Matrix,
  multiply,
  scaled,
  scaledColumns,
  stackColumns,
  stackRows,
  symmetricEigen,
} from "@lora/linalg";

/** Two factors of a term: up (out × k) · down (k × in). */
export interface Term {
  readonly up: Matrix;
  readonly down: Matrix;
}

/** Norms of a matrix that is not formed. */
export interface ProductNorms {
  readonly frobenius: number;
  /** The largest singular value. */
  readonly spectral: number;
}

/**
 * Norms of Σ up·down from the Gram matrices of the stacked factors, G = upᵀ·up and H = down·downᵀ: ‖·‖_F² = ⟨G, H⟩,
 * and σ² are the eigenvalues of H^½·G·H^½. O((m + n)·k² + k³) for k columns in all. Squaring costs half of the digits of
 * what is far below the largest term: terms are balanced first, so that large factors of a small product do not count.
 */
export function productNorms(terms: readonly Term[], { engine }: EngineOptions): ProductNorms {
  const balanced = terms.map((term) => balance(term, { engine }));
  const up = stackColumns(balanced.map((term) => term.up));
  const down = stackRows(balanced.map((term) => term.down));
  const g = multiply(up, up, { transA: true, engine });
  const h = multiply(down, down, { transB: true, engine });
  const { values, vectors } = symmetricEigen(h, { engine });
  // H = R·Rᵀ with R = vectors·diag(√values); rounding can leave a tiny negative number for 0.
  const root = scaledColumns(
    vectors,
    values.map((value) => Math.sqrt(Math.max(0, value))),
  );
  const squares = multiply(root, multiply(g, root, { engine }), { transA: true, engine });
  const largest = symmetricEigen(squares, { engine }).values[0] ?? 0;
  return { frobenius: Math.sqrt(Math.max(0, dot(g, h))), spectral: Math.sqrt(Math.max(0, largest)) };
}

/** The same product with factors of equal norm. */
function balance({ up, down }: Term, options: EngineOptions): Term {
  const [a, b] = [frobeniusNorm(up, options), frobeniusNorm(down, options)];
  if (a === 0 || b === 0) return { up, down };
  const factor = Math.sqrt(b / a);
  return { up: scaled(up, factor), down: scaled(down, 1 / factor) };
}

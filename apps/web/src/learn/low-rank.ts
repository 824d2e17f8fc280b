import { columns, type Matrix, multiply, scaledColumns, type Svd, transpose } from "@lora/linalg";

/** The nearest matrix of a rank, as LoRA keeps one. */
export interface LowRank {
  /** m × r */
  readonly b: Matrix;
  /** r × n */
  readonly a: Matrix;
  readonly product: Matrix;
  /** What the product lacks. */
  readonly difference: Matrix;
  /** ‖W − B·A‖_F / ‖W‖_F */
  readonly error: number;
  readonly parameters: { readonly dense: number; readonly factors: number };
}

/**
 * The factors of the nearest matrix of rank r: B = U·√Σ and A = √Σ·Vᵀ, of the r largest singular values.
 *
 * @see Eckart & Young 1936: no other matrix of that rank is nearer
 */
export function lowRank(whole: Matrix, { u, s, v }: Svd, rank: number): LowRank {
  const kept = Array.from({ length: rank }, (_, index) => index);
  const roots = kept.map((index) => Math.sqrt(s[index]!));
  const b = scaledColumns(columns(u, kept), roots);
  const a = transpose(scaledColumns(columns(v, kept), roots));
  const product = multiply(b, a);
  const data = Float64Array.from(whole.data, (value, index) => value - product.data[index]!);
  const difference = { rows: whole.rows, cols: whole.cols, data };
  return {
    b,
    a,
    product,
    difference,
    error: Math.hypot(...data) / Math.hypot(...whole.data),
    parameters: { dense: whole.data.length, factors: rank * (whole.rows + whole.cols) },
  };
}

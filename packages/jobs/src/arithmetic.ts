/** Square root of the sum of squares. */
export function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}

/** error / whole; 0 when both are zero, null when only the whole is. */
export function relative(error: number, whole: number): number | null {
  if (whole === 0) return error === 0 ? 0 : null;
  return error / whole;
}

/** The number, or null where JSON has none for it. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** At most `width` values: each the largest of its stretch, so that no peak is lost. Order is kept. */
export function resample(values: ArrayLike<number>, width: number): number[] {
  const count = Math.min(values.length, width);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * values.length) / count));
    let largest = -Infinity;
    for (let i = from; i < to; i++) largest = Math.max(largest, values[i]!);
    return largest;
  });
}

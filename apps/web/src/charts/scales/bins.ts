/** Values that lie together. */
export interface Bin {
  readonly from: number;
  /** Exclusive, but for the last one. */
  readonly to: number;
  readonly count: number;
}

/** Values in as many equally wide bins from the least to the largest; none for no values. */
export function bins(values: readonly number[], count: number): Bin[] {
  if (values.length === 0) return [];
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  if (least === most) return [{ from: least, to: most, count: values.length }];
  const width = (most - least) / count;
  const counts = Array.from({ length: count }, () => 0);
  for (const value of values) counts[Math.min(count - 1, Math.floor((value - least) / width))]! += 1;
  return counts.map((found, index) => ({
    from: least + index * width,
    to: least + (index + 1) * width,
    count: found,
  }));
}

/** The middle value, or the mean of the two middle ones; null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return null;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `8`, or `4-64` where values differ; a dash for none. */
export function rangeText(values: readonly number[], text: (value: number) => string = String): string {
  if (values.length === 0) return "-";
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return min === max ? text(min) : `${text(min)}-${text(max)}`;
}

/** The one value all share, or `mixed`. */
export function sharedText(values: readonly string[]): string {
  const distinct = new Set(values);
  return distinct.size === 1 ? values[0]! : distinct.size === 0 ? "-" : "mixed";
}

/** `250 linear, 14 conv`: how often each text occurs, most often first. */
export function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([value, count]) => `${count} ${value}`)
    .join(", ");
}

/** Numbers to places: the first of `from` lies at the first of `to`, the last at the last. */
export type Scale = (value: number) => number;

/** Two ends, in either order. */
export type Span = readonly [number, number];

/** Equal steps to equal steps. A span of one value lies in the middle. */
export function linear([first, last]: Span, [start, end]: Span): Scale {
  if (first === last) return () => (start + end) / 2;
  return (value) => start + ((value - first) / (last - first)) * (end - start);
}

/** Equal ratios to equal steps; what is not above 0 lies where the smaller end does. */
export function logarithmic([first, last]: Span, to: Span): Scale {
  const least = Math.min(first, last);
  const steps = linear([Math.log10(first), Math.log10(last)], to);
  return (value) => steps(Math.log10(value > least ? value : least));
}

/** The value at a place, between the ends. */
export function inverted([first, last]: Span, [start, end]: Span): Scale {
  return (place) => {
    const share = start === end ? 0 : (place - start) / (end - start);
    return first + Math.min(1, Math.max(0, share)) * (last - first);
  };
}

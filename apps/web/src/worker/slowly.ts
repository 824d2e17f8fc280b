const INTERVAL_MS = 80;

/** Passes on what it is told, but not more often than people can see; the last word of a phase always. */
export function slowly<T extends { phase: string; done: number; total: number }>(
  tell: (value: T) => void,
): (value: T) => void {
  let last = -Infinity;
  return (value) => {
    const now = performance.now();
    if (now - last < INTERVAL_MS && value.done < value.total) return;
    last = now;
    tell(value);
  };
}

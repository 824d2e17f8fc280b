/** Lets at most `places` pieces of work run at once; the others wait in line. */
export function gate(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = Math.max(1, places);
  const line: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    // Who leaves hands the place over.
    else await new Promise<void>((resolve) => line.push(resolve));
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

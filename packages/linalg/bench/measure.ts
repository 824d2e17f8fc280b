/** Something to time. */
export interface Candidate {
  readonly name: string;
  readonly work: () => unknown;
}

/** Milliseconds. */
export interface Timing {
  readonly best: number;
  readonly median: number;
}

/**
 * Times candidates turn by turn, so that a slow phase of the machine meets all of them: at least `rounds` rounds,
 * and on until `atLeast` milliseconds each were spent. The first round is for the compilers.
 */
export function measure(candidates: readonly Candidate[], rounds = 5, atLeast = 400): Map<string, Timing> {
  const times = new Map(candidates.map(({ name }) => [name, [] as number[]]));
  const spent = new Map(candidates.map(({ name }) => [name, 0]));
  for (const { work } of candidates) work();
  for (let round = 0; round < rounds || [...spent.values()].some((each) => each < atLeast); round++) {
    for (const { name, work } of candidates) {
      if (round >= rounds && (spent.get(name) ?? 0) >= atLeast) continue;
      const start = performance.now();
      work();
      const time = performance.now() - start;
      times.get(name)?.push(time);
      spent.set(name, (spent.get(name) ?? 0) + time);
    }
  }
  return new Map([...times].map(([name, all]) => [name, timing(all)]));
}

function timing(times: readonly number[]): Timing {
  const sorted = times.toSorted((x, y) => x - y);
  return { best: sorted[0], median: sorted[Math.floor(sorted.length / 2)] };
}

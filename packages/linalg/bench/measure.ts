/** Something to time. */
export interface Candidate {
  readonly name: string;
  readonly work: () => unknown;
}

/** Milliseconds. */
export interface Timing {
  /** The shortest, or the processor time of a call where that is less: what others on the machine take is in neither. */
  readonly best: number;
  readonly median: number;
}

interface Spent {
  readonly times: number[];
  /** Of this thread, in all. */
  processor: number;
}

/**
 * Times candidates turn by turn, so that a slow phase of the machine meets all of them: at least `rounds` rounds,
 * and on until `atLeast` milliseconds each were spent. The first round is for the compilers.
 */
export function measure(candidates: readonly Candidate[], rounds = 5, atLeast = 400): Map<string, Timing> {
  const spent = new Map(candidates.map(({ name }): [string, Spent] => [name, { times: [], processor: 0 }]));
  for (const { work } of candidates) work();
  for (let round = 0; round < rounds || [...spent.values()].some((each) => sum(each) < atLeast); round++) {
    for (const { name, work } of candidates) {
      const own = spent.get(name)!;
      if (round >= rounds && sum(own) >= atLeast) continue;
      const [start, before] = [performance.now(), process.threadCpuUsage()];
      work();
      const used = process.threadCpuUsage(before);
      own.times.push(performance.now() - start);
      own.processor += (used.user + used.system) / 1000;
    }
  }
  return new Map([...spent].map(([name, own]) => [name, timing(own)]));
}

function sum({ times }: Spent): number {
  return times.reduce((total, time) => total + time, 0);
}

/** The clock of the processor ticks in milliseconds, so that only its mean over many is of use. */
function timing({ times, processor }: Spent): Timing {
  const sorted = times.toSorted((x, y) => x - y);
  const mean = processor > 100 ? processor / times.length : Infinity;
  return { best: Math.min(sorted[0], mean), median: sorted[Math.floor(sorted.length / 2)] };
}

import type { ByteSource } from "./byte-source.ts";

/** Reads are put together up to so much: what is larger is worth a request of its own. */
const MERGED_BYTES = 2 ** 22;

type Read = (from: number, to: number, signal?: AbortSignal, into?: Uint8Array) => Promise<Uint8Array>;

interface Waiting {
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal | undefined;
  readonly into: Uint8Array | undefined;
  resolve(bytes: Uint8Array): void;
  reject(error: unknown): void;
}

/**
 * Puts small reads that are asked for at the same time together, where they lie side by side or nearly so: a factor and
 * its alpha, or the alphas of many modules, are one request.
 *
 * @param gapBytes reads of places this near to each other become one: less than what a request costs
 */
export function readQueue(gapBytes: number, read: Read): ByteSource["read"] {
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const asked = waiting.sort((a, b) => a.from - b.from);
    waiting = [];
    for (const group of groupsOf(asked, gapBytes)) void serve(group, read);
  };
  return (from, to, signal, into) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ from, to, signal, into, resolve, reject }) === 1) queueMicrotask(flush);
    });
}

function groupsOf(asked: readonly Waiting[], gapBytes: number): Waiting[][] {
  const groups: Waiting[][] = [];
  let end = 0;
  for (const one of asked) {
    const group = groups.at(-1);
    const first = group?.[0];
    const fits =
      first !== undefined &&
      one.from - end <= gapBytes &&
      Math.max(end, one.to) - first.from <= MERGED_BYTES &&
      one.signal === first.signal;
    if (fits) group!.push(one);
    else groups.push([one]);
    end = fits ? Math.max(end, one.to) : one.to;
  }
  return groups;
}

async function serve(group: readonly Waiting[], read: Read): Promise<void> {
  const [first] = group;
  try {
    if (group.length === 1) {
      const { from, to, signal, into } = first!;
      return first!.resolve(await read(from, to, signal, into));
    }
    const start = first!.from;
    const end = group.reduce((most, { to }) => Math.max(most, to), 0);
    const bytes = await read(start, end, first!.signal);
    for (const { from, to, resolve } of group) resolve(bytes.slice(from - start, to - start));
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

import { MAP_READ, USAGE } from "./gpu-flags.ts";

/** What `timed` gives: the result of the work, and how long the device was at it. */
export interface Timed<T> {
  readonly result: T;
  /** From the begin of the first kernel to the end of the last; `undefined` where the device has no timestamps. */
  readonly milliseconds: Promise<number | undefined>;
}

/** Measures on the clock of a device. */
export interface Stopwatch {
  /** What the next compute pass has to write, while something is measured. */
  next(): GPUComputePassTimestampWrites | undefined;
  timed<T>(work: () => T): Timed<T>;
}

const [BEGIN, END, BYTES] = [0, 1, 16];

/** A stopwatch by `timestamp-query`, or one that measures nothing where the device was opened without. */
export function stopwatchOf(device: GPUDevice): Stopwatch {
  let measuring: { readonly queries: GPUQuerySet; begun: boolean } | undefined;
  return {
    next() {
      if (measuring === undefined) return undefined;
      const { queries: querySet, begun } = measuring;
      measuring.begun = true;
      // Each pass writes the end again: the last one stays.
      const begin = begun ? {} : { beginningOfPassWriteIndex: BEGIN };
      return { querySet, ...begin, endOfPassWriteIndex: END };
    },
    timed(work) {
      if (!device.features.has("timestamp-query")) {
        return { result: work(), milliseconds: Promise.resolve(undefined) };
      }
      const outer = measuring;
      const mine = { queries: device.createQuerySet({ type: "timestamp", count: 2 }), begun: false };
      measuring = mine;
      try {
        const result = work();
        return { result, milliseconds: mine.begun ? read(device, mine.queries) : Promise.resolve(0) };
      } finally {
        measuring = outer;
      }
    },
  };
}

async function read(device: GPUDevice, queries: GPUQuerySet): Promise<number> {
  const resolved = device.createBuffer({ size: BYTES, usage: USAGE.queryResolve | USAGE.copySource });
  const mapped = device.createBuffer({ size: BYTES, usage: USAGE.mapRead | USAGE.copyTarget });
  const encoder = device.createCommandEncoder({ label: "timestamps" });
  encoder.resolveQuerySet(queries, 0, 2, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, mapped, 0, BYTES);
  device.queue.submit([encoder.finish()]);
  await mapped.mapAsync(MAP_READ);
  const [begin, end] = new BigUint64Array(mapped.getMappedRange());
  for (const used of [resolved, mapped, queries]) used.destroy();
  return Number(end! - begin!) / 1e6;
}

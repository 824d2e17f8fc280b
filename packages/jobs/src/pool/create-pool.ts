import { checkAborted, LoraError } from "@lora/tensor";
import { closedPool } from "./closed-pool.ts";
import { Gate } from "./gate.ts";
import { PendingCalls } from "./pending-calls.ts";
import type { PoolTask, TaskRequest, WorkerPool } from "./worker-pool.ts";
import type { Answering, Spawn } from "./worker-seat.ts";
import { WorkerSeats } from "./worker-seats.ts";

/** How large a pool is and where its workers come from. */
export interface PoolOptions {
  /** Workers at most; each is made when there is work for it. */
  readonly size: number;
  readonly spawn: Spawn;
  /** Inputs and results under way together, unless a single task has more. @default 256 MiB */
  readonly maxBytesInFlight?: number | undefined;
  /** Whether its workers reach the files of this process. */
  readonly reachesFiles?: boolean | undefined;
}

const MAX_BYTES_IN_FLIGHT = 256 * 2 ** 20;

/**
 * A pool of workers. One task a worker runs and one is read ahead, as far as `maxBytesInFlight` lets, or waits in the worker beside
 * one that asks; buffers are moved where that can be, else copied. A worker that dies fails what it has, and the next task gets a
 * new one.
 *
 * @throws LoraError USAGE when `size` is no whole number above 0
 */
export function createPool({ size, spawn, reachesFiles, ...limits }: PoolOptions): WorkerPool {
  demandWorkers(size);
  const gate = new Gate({ count: 2 * size, bytes: limits.maxBytesInFlight ?? MAX_BYTES_IN_FLIGHT });
  const seats = new WorkerSeats(size, spawn);
  const pending = new PendingCalls();
  let closed = false;
  const check = (signal: AbortSignal | undefined): void => {
    checkAborted(signal);
    if (closed) throw closedPool();
  };
  const begin = async <I, R, Q, A>(
    task: PoolTask<I, R, Q, A>,
    { bytes, input, answer, signal }: TaskRequest<I, Q, A>,
  ): Promise<R> => {
    const result = await gate.inside(bytes, async () => {
      check(signal);
      const message = { task: task.name, input: await input() };
      return seats.lend(answer !== undefined, async (seat) => {
        check(signal);
        return seat.run(message, answer as Answering);
      });
    });
    return result as R;
  };
  return {
    size,
    reachesFiles,
    async run(task, request) {
      check(request.signal);
      return pending.track(begin(task, request), request.signal);
    },
    begin: () => (closed ? undefined : seats.begin()),
    close() {
      closed = true;
      pending.rejectAll(closedPool());
      return seats.close();
    },
  };
}

function demandWorkers(size: number): void {
  if (Number.isInteger(size) && size > 0) return;
  throw new LoraError("USAGE", `a pool has a whole number of workers above 0, not ${size}`, { size });
}

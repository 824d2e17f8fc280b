import { type Engine, wasmEngine } from "@lora/linalg";
import { checkAborted } from "@lora/tensor";
import { Arrivals } from "./arrivals.ts";
import { closedPool } from "./closed-pool.ts";
import type { WorkerPool } from "./worker-pool.ts";

/**
 * A pool without workers: tasks run one after the other in the calling thread, with one input in memory.
 *
 * @param given made with the first task when left out: the fastest there is
 */
export function inlinePool(given?: Engine): WorkerPool {
  let engine = given;
  let turn: Promise<unknown> = Promise.resolve();
  const arrivals = new Arrivals();
  let closed = false;
  const check = (signal: AbortSignal | undefined): void => {
    checkAborted(signal);
    if (closed) throw closedPool();
  };
  return {
    size: 0,
    run(task, request) {
      const result = turn.then(async () => {
        check(request.signal);
        const input = arrivals.receive(await request.input());
        check(request.signal);
        return task.run(input, (engine ??= wasmEngine()), {
          ask: async (question) => request.answer!(question),
        });
      });
      turn = result.catch(() => undefined);
      return result;
    },
    begin() {
      // There is no worker to make.
    },
    async close() {
      closed = true;
    },
  };
}

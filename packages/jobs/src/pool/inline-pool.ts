import { checkAborted } from "@lora/tensor";
import { closedPool } from "./closed-pool.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** A pool without workers: tasks run one after the other in the calling thread, with one input in memory. */
export function inlinePool(): WorkerPool {
  let turn: Promise<unknown> = Promise.resolve();
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
        const input = await request.input();
        check(request.signal);
        return task.run(input);
      });
      turn = result.catch(() => undefined);
      return result;
    },
    async close() {
      closed = true;
    },
  };
}

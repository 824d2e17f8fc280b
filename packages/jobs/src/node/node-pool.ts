import { Worker } from "node:worker_threads";
import { createPool } from "../pool/create-pool.ts";
import type { Reply } from "../pool/messages.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import type { Spawn } from "../pool/worker-seat.ts";

/** How many threads a pool has, and how much is under way in them. */
export interface NodePoolOptions {
  /** Each takes some 60 MB besides what it works on; `availableParallelism()` says how many run at once. */
  readonly threads: number;
  readonly maxBytesInFlight?: number | undefined;
}

/**
 * A pool of Node's worker threads for the jobs of this package. Threads start with the first tasks. An idle pool
 * does not keep the process alive; `close` ends it at once.
 *
 * @throws LoraError USAGE when `threads` is no whole number above 0
 */
export function nodePool({ threads, maxBytesInFlight }: NodePoolOptions): WorkerPool {
  // A bundler of an application puts `worker.js` beside its own file; the sources are run as they are.
  const entry = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);
  return createPool({ size: threads, spawn: nodeWorker(entry), maxBytesInFlight, reachesFiles: true });
}

/** Makes threads that run a file; the file answers with `serveTasks`. */
export function nodeWorker(entry: URL): Spawn {
  const execArgv = entry.pathname.endsWith(".ts") ? ["--conditions=@lora/source"] : [];
  return ({ reply, died }, compiled) => {
    const worker = new Worker(entry, { execArgv, workerData: { compiled } });
    worker.unref();
    let reason: string | undefined;
    let isEnding = false;
    let underWay = 0;
    worker.on("message", (message: Reply) => {
      if ("result" in message || "error" in message) underWay -= 1;
      // While it is being ended it keeps the process, or nobody would be left to hear of its end.
      if (underWay === 0 && !isEnding) worker.unref();
      reply(message);
    });
    worker.on("error", (error) => (reason = error instanceof Error ? error.message : String(error)));
    worker.on("messageerror", (error) => {
      reason = error.message;
      void worker.terminate();
    });
    worker.on("exit", (code) => died(reason ?? `exit code ${code}`));
    return {
      post(message, transfer) {
        worker.postMessage(message, transfer);
        if ("task" in message) underWay += 1;
        worker.ref();
      },
      async terminate() {
        isEnding = true;
        await worker.terminate();
      },
    };
  };
}

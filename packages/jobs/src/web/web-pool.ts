import type { CompiledMessage } from "../pool/messages.ts";
import { createPool } from "../pool/create-pool.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import type { Spawn } from "../pool/worker-seat.ts";

/** How many workers a pool has, and where they come from. */
export interface WebPoolOptions {
  /** `navigator.hardwareConcurrency` says how many run at once. */
  readonly threads: number;
  readonly maxBytesInFlight?: number | undefined;
  /** Makes a worker from `@lora/jobs/web/worker`, for pages whose bundler does not find it by itself. */
  readonly worker?: (() => Worker) | undefined;
}

/**
 * A pool of Web Workers for the jobs of this package. Workers start with the first tasks; `close` ends them.
 *
 * @throws LoraError USAGE when `threads` is no whole number above 0
 */
export function webPool({ threads, maxBytesInFlight, worker = ownWorker }: WebPoolOptions): WorkerPool {
  return createPool({ size: threads, spawn: webWorker(worker), maxBytesInFlight });
}

/** Bundlers know this form, word by word. */
function ownWorker(): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}

function webWorker(make: () => Worker): Spawn {
  return ({ reply, died }, compiled) => {
    const worker = make();
    worker.postMessage({ compiled } satisfies CompiledMessage, []);
    worker.addEventListener("message", ({ data }) => reply(data));
    worker.addEventListener("messageerror", () => fail("an answer could not be read"));
    worker.addEventListener("error", ({ message }) => fail(message || "it did not start"));
    const fail = (reason: string): void => {
      worker.terminate();
      died(reason);
    };
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      terminate: async () => worker.terminate(),
    };
  };
}

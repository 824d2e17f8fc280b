import { eachInOrder } from "./pool/each-in-order.ts";
import { inlinePool } from "./pool/inline-pool.ts";
import type { RunContext } from "./pool/run-context.ts";
import type { WorkerPool } from "./pool/worker-pool.ts";

/** How work on modules is told about. */
export interface ModuleWork<T> {
  readonly phase: string;
  /** Stored bytes that are read of a module, by which progress is counted. */
  readonly bytes: (module: T) => number;
  readonly context: RunContext;
}

/**
 * Works on every module, in the pool of the context or else in this thread, and reports how many bytes are done.
 *
 * @returns the results in the order of the modules
 * @throws what the work throws on the first module, in order, that fails
 */
export function eachModule<T, R>(
  modules: readonly T[],
  { phase, bytes, context }: ModuleWork<T>,
  work: (module: T, pool: WorkerPool) => Promise<R>,
): Promise<R[]> {
  const pool = context.pool ?? inlinePool(context.engine);
  const total = modules.reduce((sum, module) => sum + bytes(module), 0);
  let done = 0;
  // One running and one being read for each worker.
  return eachInOrder(modules, Math.max(1, 2 * pool.size), async (module) => {
    const result = await work(module, pool);
    done += bytes(module);
    context.onProgress?.({ phase, done, total, unit: "bytes" });
    return result;
  });
}

import type { Engine } from "@lora/linalg";
import type { JobContext } from "@lora/tensor";
import type { WorkerPool } from "./worker-pool.ts";

/** What a job on many modules takes besides its inputs and options. */
export interface RunContext extends JobContext {
  /** Where modules are worked on; left out, in the calling thread. The caller opens and closes it. */
  readonly pool?: WorkerPool | undefined;
  /** What is calculated with where there is no pool; left out, the fastest there is, `wasmEngine()`. */
  readonly engine?: Engine | undefined;
}

import type { Engine } from "@lora/linalg";
import type { Backend, JobContext } from "@lora/tensor";
import type { Findings } from "../shard/findings.ts";
import type { Share } from "../shard/share.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** What a job on many modules takes besides its inputs and options. */
export interface RunContext extends JobContext {
  /** Where modules are worked on; left out, in the calling thread. The caller opens and closes it. */
  readonly pool?: WorkerPool | undefined;
  /** What is calculated with where there is no pool; left out, the fastest there is, `wasmEngine()`. */
  readonly engine?: Engine | undefined;
  /**
   * What measures base weights, in f32 and from the calling thread: a GPU. Left out, they are measured where modules
   * are worked on, in f64. The caller opens and closes it.
   */
  readonly backend?: Backend | undefined;
  /** Name and version of who calls, for the provenance in files. @default `@lora/jobs` */
  readonly tool?: string | undefined;
  /** Of several runs that share the job, which one this is: it works on its share, and its outputs hold only that. */
  readonly share?: Share | undefined;
  /** What is known of modules is taken from here and not found again; what is found is added. */
  readonly findings?: Findings | undefined;
}

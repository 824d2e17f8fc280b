import type { Engine } from "@lora/linalg";
import type { TaskFiles } from "./task-files.ts";

/**
 * Work on posted data: pure, so that it gives the same wherever it runs. A worker finds it by name in the list that
 * it was made with; input and result are plain data and typed arrays.
 */
export interface PoolTask<Input, Result> {
  /** Unique among the tasks of a pool. */
  readonly name: string;
  /**
   * @param engine what it calculates with: that of the thread it runs in
   * @param files where the workers of the pool reach files
   */
  run(input: Input, engine: Engine, files?: TaskFiles): Result | Promise<Result>;
}

/** What a task is run on. */
export interface TaskRequest<Input> {
  /** Bytes of input and result, about: so many are held back until others are done. */
  readonly bytes: number;
  /** Reads the input, once there is room for it. Its buffers are the pool's: they may be moved to a worker. */
  input(): Promise<Input>;
  readonly signal?: AbortSignal | undefined;
}

/** Runs tasks, in this thread or in others. Whoever opens a pool closes it. */
export interface WorkerPool {
  /** Workers that run at once; 0 where tasks run in the calling thread. */
  readonly size: number;
  /** Whether its workers reach the files of this process. */
  readonly reachesFiles?: boolean | undefined;
  /**
   * Runs a task as soon as there is room. Tasks begin in the order of the calls and end in any.
   *
   * @throws LoraError ABORTED when the signal is, or the pool is closed; IO when the worker ends before its task
   * does; and what reading the input and the task itself throw
   */
  run<Input, Result>(task: PoolTask<Input, Result>, request: TaskRequest<Input>): Promise<Result>;
  /** Makes the workers now instead of with the first tasks, for a job that is sure to need all of them. */
  begin(): void;
  /** Stops what runs and gives all workers back. Harmless when called twice. */
  close(): Promise<void>;
}

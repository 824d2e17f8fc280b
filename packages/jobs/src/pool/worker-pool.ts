import type { Engine } from "@lora/linalg";
import type { Sent } from "./sent.ts";
import type { TaskFiles } from "./task-files.ts";

/** What a task reaches besides its input. */
export interface TaskReach<Question, Answer> {
  /** Where the workers of the pool reach files. */
  readonly files?: TaskFiles | undefined;
  /** Asks whoever wants the result for something that only the calling thread can tell. */
  ask(question: Question): Promise<Answer>;
}

/**
 * Work on posted data: pure, so that it gives the same wherever it runs. A worker finds it by name in the list that
 * it was made with; input and result are plain data and typed arrays, and so is what it asks and is told.
 */
export interface PoolTask<Input, Result, Question = never, Answer = never> {
  /** Unique among the tasks of a pool. */
  readonly name: string;
  /** @param engine what it calculates with: that of the thread it runs in */
  run(input: Input, engine: Engine, reach: TaskReach<Question, Answer>): Result | Promise<Result>;
}

/** What a task is run on. */
export interface TaskRequest<Input, Question = never, Answer = never> {
  /** Bytes of input and result, about: so many are held back until others are done. */
  readonly bytes: number;
  /** Reads the input, once there is room for it. Its buffers are the pool's: they may be moved to a worker. */
  input(): Promise<Sent<Input>>;
  /** Answers what the task asks. Buffers of the answer may be moved too. */
  readonly answer?: ((question: Question) => Answer) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs tasks, in this thread or in others. Whoever opens a pool closes it. */
export interface WorkerPool {
  /** Workers that run at once; 0 where tasks run in the calling thread. */
  readonly size: number;
  /** Whether its workers reach the files of this process: then bytes need not be sent where a place in a file will do. */
  readonly reachesFiles?: boolean | undefined;
  /**
   * Runs a task as soon as there is room. Tasks begin in the order of the calls and end in any.
   *
   * @throws LoraError ABORTED when the signal is, or the pool is closed; IO when the worker ends before its task
   * does; and what reading the input, answering, and the task itself throw
   */
  run<Input, Result, Question = never, Answer = never>(
    task: PoolTask<Input, Result, Question, Answer>,
    request: TaskRequest<Input, Question, Answer>,
  ): Promise<Result>;
  /** Makes the workers now instead of with the first tasks, for a job that is sure to need all of them: one, and then the others from what it compiled. */
  begin(): void;
  /** Stops what runs and gives all workers back. Harmless when called twice. */
  close(): Promise<void>;
}

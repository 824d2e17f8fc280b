import type { Engine } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { Arrivals } from "./arrivals.ts";
import { buffersOf } from "./buffers-of.ts";
import type { AnswerMessage, Reply, TaskMessage } from "./messages.ts";
import { errorOf, plainError } from "./plain-error.ts";
import type { TaskFiles } from "./task-files.ts";
import type { PoolTask } from "./worker-pool.ts";

/** A list of tasks, whatever they take and give. */
export type AnyTask = PoolTask<never, unknown>;

/** What a worker has for its tasks. */
export interface TaskMeans {
  readonly engine: Engine;
  readonly files?: TaskFiles | undefined;
}

/** The worker's end of a pool: runs the task that a message asks for and posts what became of it. */
export function serveTasks(
  tasks: readonly AnyTask[],
  { engine, files }: TaskMeans,
  post: (reply: Reply, transfer: ArrayBuffer[]) => void,
): (message: TaskMessage | AnswerMessage) => void {
  const arrivals = new Arrivals(files);
  let hear: (message: AnswerMessage) => void = () => undefined;
  const ask = (question: unknown): Promise<never> =>
    new Promise((resolve, reject) => {
      hear = (message) =>
        "answer" in message ? resolve(message.answer as never) : reject(errorOf(message.refusal));
      // Copied: the task goes on with what it asked about.
      post({ question }, []);
    });
  const serve = async ({ task: name, input }: TaskMessage): Promise<void> => {
    try {
      const task = tasks.find((candidate) => candidate.name === name);
      if (task === undefined) throw unknownTask(name, tasks);
      const result = await task.run(arrivals.receive(input) as never, engine, { files, ask });
      post({ result }, buffersOf(result));
    } catch (error) {
      post({ error: plainError(error) }, []);
    }
  };
  return (message) => ("task" in message ? void serve(message) : hear(message));
}

function unknownTask(name: string, tasks: readonly AnyTask[]): LoraError {
  return new LoraError("USAGE", `the worker knows no task ${name}`, {
    known: tasks.map((task) => task.name),
    advice: "let the worker and its pool come from the same version",
  });
}

import type { Engine } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { Arrivals } from "./arrivals.ts";
import { buffersOf } from "./buffers-of.ts";
import type { AnswerMessage, Reply, TaskMessage, TaskNews } from "./messages.ts";
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

/** The worker's end of a pool: runs the tasks that messages ask for, one on a lane, and posts what became of each. */
export function serveTasks(
  tasks: readonly AnyTask[],
  means: TaskMeans,
  post: (reply: Reply, transfer: ArrayBuffer[]) => void,
): (message: TaskMessage | AnswerMessage) => void {
  const lanes: Lane[] = [];
  return (message) => {
    const { lane } = message;
    const own = (lanes[lane] ??= new Lane(tasks, means, (news, transfer) =>
      post({ lane, ...news }, transfer),
    ));
    if ("task" in message) void own.serve(message);
    else own.hear(message);
  };
}

/** One task after the other. While one waits for an answer those of other lanes go on. */
class Lane {
  readonly #tasks: readonly AnyTask[];
  readonly #means: TaskMeans;
  readonly #say: (news: TaskNews, transfer: ArrayBuffer[]) => void;
  readonly #arrivals: Arrivals;
  /** What waits for the answer to a question. */
  hear: (message: AnswerMessage) => void = () => undefined;

  constructor(
    tasks: readonly AnyTask[],
    means: TaskMeans,
    say: (news: TaskNews, transfer: ArrayBuffer[]) => void,
  ) {
    this.#tasks = tasks;
    this.#means = means;
    this.#say = say;
    this.#arrivals = new Arrivals(means.files);
  }

  async serve({ task: name, input }: TaskMessage): Promise<void> {
    try {
      const task = this.#tasks.find((candidate) => candidate.name === name);
      if (task === undefined) throw unknownTask(name, this.#tasks);
      const { engine, files } = this.#means;
      const ask = (question: unknown): Promise<never> => this.#ask(question);
      const result = await task.run(this.#arrivals.receive(input) as never, engine, { files, ask });
      this.#say({ result }, buffersOf(result));
    } catch (error) {
      this.#say({ error: plainError(error) }, []);
    }
  }

  #ask(question: unknown): Promise<never> {
    return new Promise((resolve, reject) => {
      this.hear = (message) =>
        "answer" in message ? resolve(message.answer as never) : reject(errorOf(message.refusal));
      // Copied: the task goes on with what it asked about.
      this.#say({ question }, []);
    });
  }
}

function unknownTask(name: string, tasks: readonly AnyTask[]): LoraError {
  return new LoraError("USAGE", `the worker knows no task ${name}`, {
    known: tasks.map((task) => task.name),
    advice: "let the worker and its pool come from the same version",
  });
}

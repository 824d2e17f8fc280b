import type { CompiledKernels } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { buffersOf } from "./buffers-of.ts";
import type { AnswerMessage, Reply, TaskMessage, TaskReply } from "./messages.ts";
import { errorOf, plainError } from "./plain-error.ts";

/** A thread as its pool sees it. */
export interface PoolWorker {
  post(message: TaskMessage | AnswerMessage, transfer: ArrayBuffer[]): void;
  /** Ends it at once, whatever it is at. */
  terminate(): Promise<void>;
}

/** What a worker tells its pool. */
export interface WorkerEvents {
  reply(reply: Reply): void;
  /** It ended, or never began; `reason` in words. Nothing is heard of it afterwards. */
  died(reason: string): void;
}

/** Makes a worker, from kernels that another has compiled where there are such. */
export type Spawn = (events: WorkerEvents, compiled: CompiledKernels | undefined) => PoolWorker;

/** What the workers of a pool have in common. */
export interface SharedKernels {
  compiled: CompiledKernels | undefined;
  /** Called when a worker has its engine. */
  onCompiled?: (() => void) | undefined;
}

/** What a task asks, answered by who wants its result. */
export type Answering = (question: unknown) => unknown;

/** Who waits for a task. */
interface Waiting {
  readonly task: string;
  readonly answer: Answering;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** A place for one worker, which is made when it is asked for or at the first task, and again after it died. */
export class WorkerSeat {
  readonly #spawn: Spawn;
  readonly #shared: SharedKernels;
  #worker: PoolWorker | undefined;
  /** By lane. */
  readonly #waiting = new Map<number, Waiting>();

  constructor(spawn: Spawn, shared: SharedKernels) {
    this.#spawn = spawn;
    this.#shared = shared;
  }

  /** Makes the worker, where there is none. */
  begin(): PoolWorker {
    this.#worker ??= this.#spawn(this.#events(), this.#shared.compiled);
    return this.#worker;
  }

  /**
   * Posts a task and waits for the answer.
   *
   * @throws LoraError IO when the worker dies; and what the task throws, or answering it
   */
  run(message: Omit<TaskMessage, "lane">, answer: Answering): Promise<unknown> {
    let lane = 0;
    while (this.#waiting.has(lane)) lane++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(lane, { task: message.task, answer, resolve, reject });
      try {
        this.begin().post({ lane, ...message }, buffersOf(message.input));
      } catch (error) {
        this.#waiting.delete(lane);
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #events(): WorkerEvents {
    return {
      reply: (reply) => {
        if (!("compiled" in reply)) return this.#hear(reply);
        this.#shared.compiled ??= reply.compiled;
        this.#shared.onCompiled?.();
      },
      died: (reason) => {
        this.#worker = undefined;
        for (const { task, reject } of this.#waiting.values()) reject(deadWorker(reason, task));
        this.#waiting.clear();
      },
    };
  }

  #hear(reply: TaskReply): void {
    const { lane } = reply;
    const waiting = this.#waiting.get(lane);
    if (waiting === undefined) return;
    if ("question" in reply) {
      this.#worker?.post(...answerMessage(lane, reply.question, waiting.answer));
      return;
    }
    this.#waiting.delete(lane);
    if ("error" in reply) waiting.reject(errorOf(reply.error));
    else waiting.resolve(reply.result);
  }
}

function answerMessage(
  lane: number,
  question: unknown,
  answering: Answering,
): [message: AnswerMessage, transfer: ArrayBuffer[]] {
  try {
    const answer = answering(question);
    return [{ lane, answer }, buffersOf(answer)];
  } catch (error) {
    return [{ lane, refusal: plainError(error) }, []];
  }
}

function deadWorker(reason: string, task: string): LoraError {
  return new LoraError("IO", `a worker ended before its task did: ${reason}`, {
    task,
    advice: "give the process more memory, or work with fewer threads: --threads 1 needs no worker",
  });
}

import type { CompiledKernels } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { buffersOf } from "./buffers-of.ts";
import type { AnswerMessage, Reply, TaskMessage } from "./messages.ts";
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

/** A place for one worker, which is made when it is asked for or at the first task, and again after it died. */
export class WorkerSeat {
  readonly #spawn: Spawn;
  readonly #shared: SharedKernels;
  #worker: PoolWorker | undefined;
  #settle:
    | {
        readonly task: string;
        readonly answer: Answering;
        resolve(result: unknown): void;
        reject(error: unknown): void;
      }
    | undefined;

  constructor(spawn: Spawn, shared: SharedKernels) {
    this.#spawn = spawn;
    this.#shared = shared;
  }

  /** Makes the worker, where there is none. */
  begin(): PoolWorker {
    const shared = this.#shared;
    const events: WorkerEvents = {
      reply: (reply) => {
        if ("compiled" in reply) {
          shared.compiled ??= reply.compiled;
          shared.onCompiled?.();
        } else if ("question" in reply) this.#answer(reply.question);
        else if ("error" in reply) this.#settle?.reject(errorOf(reply.error));
        else this.#settle?.resolve(reply.result);
      },
      died: (reason) => {
        this.#worker = undefined;
        this.#settle?.reject(deadWorker(reason, this.#settle.task));
      },
    };
    this.#worker ??= this.#spawn(events, shared.compiled);
    return this.#worker;
  }

  /**
   * Posts a task and waits for the answer; one task at a time.
   *
   * @throws LoraError IO when the worker dies; and what the task throws, or answering it
   */
  run(message: TaskMessage, answer: Answering): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#settle = { task: message.task, answer, resolve, reject };
      this.begin().post(message, buffersOf(message.input));
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #answer(question: unknown): void {
    this.#worker?.post(...answerMessage(question, this.#settle!.answer));
  }
}

function answerMessage(
  question: unknown,
  answering: Answering,
): [message: AnswerMessage, transfer: ArrayBuffer[]] {
  try {
    const answer = answering(question);
    return [{ answer }, buffersOf(answer)];
  } catch (error) {
    return [{ refusal: plainError(error) }, []];
  }
}

function deadWorker(reason: string, task: string): LoraError {
  return new LoraError("IO", `a worker ended before its task did: ${reason}`, {
    task,
    advice: "give the process more memory, or work with fewer threads: --threads 1 needs no worker",
  });
}

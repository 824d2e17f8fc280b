import type { CompiledKernels } from "@lora/linalg";
import type { PlainError } from "./plain-error.ts";

/** Which of the tasks that a worker has under way a message is about; the next of a lane is sent when this one has its reply. */
export interface OnLane {
  readonly lane: number;
}

/** To a worker: one task. */
export interface TaskMessage extends OnLane {
  readonly task: string;
  readonly input: unknown;
}

/** To a worker: the answer to what its task asked. */
export type AnswerMessage = OnLane & ({ readonly answer: unknown } | { readonly refusal: PlainError });

/** From a worker, once it has an engine: what others of its pool can make theirs from. */
export interface CompiledMessage {
  readonly compiled: CompiledKernels | undefined;
}

/** What became of a task, or what it asks before it can go on. */
export type TaskNews =
  | { readonly result: unknown }
  | { readonly error: PlainError }
  | { readonly question: unknown };

/** From a worker: news of the task of a lane. */
export type TaskReply = OnLane & TaskNews;

/** All that a worker says. */
export type Reply = TaskReply | CompiledMessage;

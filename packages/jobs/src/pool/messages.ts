import type { CompiledKernels } from "@lora/linalg";
import type { PlainError } from "./plain-error.ts";

/** To a worker: one task. The next is sent when it has replied. */
export interface TaskMessage {
  readonly task: string;
  readonly input: unknown;
}

/** To a worker: the answer to what its task asked. */
export type AnswerMessage = { readonly answer: unknown } | { readonly refusal: PlainError };

/** From a worker, once it has an engine: what others of its pool can make theirs from. */
export interface CompiledMessage {
  readonly compiled: CompiledKernels | undefined;
}

/** From a worker: what became of its task, or what the task asks before it can go on. */
export type Reply =
  | { readonly result: unknown }
  | { readonly error: PlainError }
  | { readonly question: unknown }
  | CompiledMessage;

import type { PlainError } from "./plain-error.ts";

/** To a worker: one task. The next is sent when it has answered. */
export interface TaskMessage {
  readonly task: string;
  readonly input: unknown;
}

/** From a worker: what became of its task. */
export type Reply = { readonly result: unknown } | { readonly error: PlainError };

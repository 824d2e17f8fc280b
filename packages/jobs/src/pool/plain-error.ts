import { LoraError, type LoraErrorCode, type LoraErrorFacts } from "@lora/tensor";

/** An error as data that can be posted: a class does not survive the way between threads. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a `LoraError`. */
  readonly lora?: {
    readonly code: LoraErrorCode;
    readonly facts: LoraErrorFacts;
    readonly advice: string | undefined;
  };
}

/** Takes an error apart. What it was caused by stays behind. */
export function plainError(thrown: unknown): PlainError {
  if (!(thrown instanceof Error)) return { name: "Error", message: String(thrown), stack: undefined };
  const { name, message, stack } = thrown;
  if (!(thrown instanceof LoraError)) return { name, message, stack };
  const { code, facts, advice } = thrown;
  return { name, message, stack, lora: { code, facts, advice } };
}

/** Puts an error together again: a `LoraError` where it was one. */
export function errorOf({ name, message, stack, lora }: PlainError): Error {
  const error =
    lora === undefined
      ? Object.assign(new Error(message), { name })
      : new LoraError(lora.code, message, { ...lora.facts, advice: lora.advice });
  // Where it happened is in the worker.
  if (stack !== undefined) error.stack = stack;
  return error;
}

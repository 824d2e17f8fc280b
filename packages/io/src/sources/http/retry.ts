import { checkAborted, type LoraError } from "@lora/tensor";
import type { HttpSettings } from "./http-options.ts";

/** What became of one attempt: a value, or a failure that may not come again. */
export type Outcome<T> = { readonly value: T } | Failure;

/** A failure after which another attempt makes sense. */
export interface Failure {
  readonly failure: LoraError;
  /** What the server asks to wait. */
  readonly afterMs?: number | undefined;
  /** It went forward before it failed: not one more failure in a row. */
  readonly progressed?: boolean | undefined;
}

/** Whose attempts they are. */
export interface Attempts {
  readonly name: string;
  readonly settings: HttpSettings;
  readonly signal: AbortSignal | undefined;
}

const FIRST_WAIT_MS = 500;

/**
 * Attempts until one succeeds: after the first failure in a row 0.5 s, then twice as long each time, and never less
 * than the server asks for.
 *
 * @throws LoraError the last failure, after too many in a row or where the server asks for too long a wait; what an
 *   attempt throws; ABORTED when the signal is
 */
export async function withRetries<T>(
  { name, settings, signal }: Attempts,
  attempt: () => Promise<Outcome<T>>,
): Promise<T> {
  let inARow = 0;
  for (;;) {
    checkAborted(signal);
    const outcome = await attempt();
    if ("value" in outcome) return outcome.value;
    inARow = outcome.progressed === true ? 1 : inARow + 1;
    const milliseconds = Math.max(outcome.afterMs ?? 0, FIRST_WAIT_MS * 2 ** (inARow - 1));
    if (inARow > settings.retries || milliseconds > settings.maxWaitMs) throw outcome.failure;
    settings.onWait?.({ file: name, milliseconds, reason: outcome.failure.message });
    await settings.sleep(milliseconds, signal ?? new AbortController().signal);
  }
}

/**
 * Milliseconds that a `Retry-After` asks for. A date counts from the server's own, so that no clock is needed here.
 * RFC 9110 §10.2.3
 */
export function retryAfterMs({ headers }: Response): number | undefined {
  const text = headers.get("retry-after")?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/u.test(text)) return Number(text) * 1000;
  const wait = Date.parse(text) - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

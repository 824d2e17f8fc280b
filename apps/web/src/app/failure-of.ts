import type { Failure } from "../store/app-state.ts";
import { CallError } from "../worker/call-error.ts";

/** What was thrown, as data to show. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CallError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return { code: "UNEXPECTED", message, facts: {}, advice: null };
}

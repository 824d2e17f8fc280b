import { LoraError } from "@lora/tensor";
import type { Failure } from "../store/app-state.ts";

/** An error as the data of a report: what can be posted and shown. */
export function plainFailure(error: unknown): Failure {
  if (error instanceof LoraError) {
    const { code, message, facts, advice } = error;
    return { code, message, facts: postable(facts), advice: advice ?? null };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "UNEXPECTED", message, facts: {}, advice: null };
}

/** Facts may hold anything; what cannot be posted would hide the error that it belongs to. */
function postable(facts: Failure["facts"]): Failure["facts"] {
  return JSON.parse(JSON.stringify(facts)) as Failure["facts"];
}

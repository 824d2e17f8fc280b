import { LoraError } from "@lora/tensor";

/** What becomes of a task whose pool is closed. */
export function closedPool(): LoraError {
  return new LoraError("ABORTED", "the pool of workers was closed", {
    advice: "close it when all jobs that were given it are done",
  });
}

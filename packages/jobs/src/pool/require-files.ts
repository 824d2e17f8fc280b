import { LoraError } from "@lora/tensor";
import type { TaskFiles } from "./task-files.ts";

/**
 * The files of a task that cannot do without.
 *
 * @throws LoraError UNSUPPORTED where its worker reaches none
 */
export function requireFiles(files: TaskFiles | undefined): TaskFiles {
  if (files === undefined) throw new LoraError("UNSUPPORTED", "this worker does not reach files");
  return files;
}

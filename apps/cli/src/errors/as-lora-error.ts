import { CommanderError } from "commander";
import { LoraError } from "@lora/tensor";

/**
 * The error a command reports for whatever was thrown: errors of this toolkit as they are, those of the command
 * line as USAGE, those of the operating system as IO, an abort as ABORTED. Undefined for an error that nobody
 * foresaw.
 */
export function asLoraError(thrown: unknown): LoraError | undefined {
  if (thrown instanceof LoraError) return thrown;
  if (thrown instanceof CommanderError) return usageError(thrown);
  if (!(thrown instanceof Error)) return undefined;
  if (thrown.name === "AbortError") return new LoraError("ABORTED", "interrupted", { cause: thrown });
  return systemError(thrown);
}

/** Commander writes `error: rule` and, where it has one, a suggestion in brackets on a second line. */
function usageError(error: CommanderError): LoraError {
  const [rule = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const advice = suggestion?.replace(/^\(Did you mean (.*)\?\)$/, "$1");
  return new LoraError("USAGE", rule, {
    advice: advice === undefined ? undefined : `did you mean ${advice}?`,
  });
}

/** Whatever the operating system refused that no writer or reader has put in words. */
function systemError(error: NodeJS.ErrnoException): LoraError | undefined {
  if (error.syscall === undefined) return undefined;
  return new LoraError("IO", error.message, { file: error.path, system: error.code, cause: error });
}

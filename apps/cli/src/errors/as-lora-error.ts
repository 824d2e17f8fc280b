import { CommanderError } from "commander";
import { LoraError } from "@lora/tensor";

/** What the error codes of the operating system mean, and what helps. */
const SYSTEM: Readonly<Record<string, readonly [rule: string, advice: string]>> = {
  ENOENT: ["there is no such file or folder", "check the path"],
  EACCES: ["access is not allowed", "check the permissions of the file and of its folder"],
  EPERM: ["the operation is not permitted", "check the permissions of the file and of its folder"],
  EISDIR: ["this is a folder, not a file", "name a file in it"],
  ENOTDIR: ["a part of the path is a file, not a folder", "check the path"],
  ENOSPC: ["the disk is full", "free some space, or write to another disk"],
  EDQUOT: ["the disk quota is used up", "free some space, or write to another disk"],
  EROFS: ["the file system is read-only", "write to another folder"],
  EMFILE: ["too many files are open", "raise the limit with ulimit -n"],
  ENAMETOOLONG: ["the name is too long for the file system", "choose a shorter name"],
  ELOOP: ["the path is a circle of links", "check the links"],
  EIO: ["the device failed", "check the disk, and copy the file from its source again"],
};

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
  return new LoraError("USAGE", rule, { advice: advice === undefined ? undefined : `did you mean ${advice}?` });
}

function systemError(error: NodeJS.ErrnoException): LoraError | undefined {
  const known = SYSTEM[error.code ?? ""];
  if (known === undefined) return undefined;
  const [rule, advice] = known;
  return new LoraError("IO", `${rule} (${error.code})`, { file: error.path, advice, cause: error });
}

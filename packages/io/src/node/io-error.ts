import { LoraError } from "@lora/tensor";

/** What the system's error codes mean, and what to do about them. */
const CAUSES: Readonly<Record<string, readonly [rule: string, advice: string]>> = {
  ENOENT: ["there is no such file or folder", "check the path; a folder to write to must exist"],
  EACCES: ["permission was denied", "check the rights of the file and its folder, or choose another place"],
  EPERM: [
    "the system does not permit it",
    "check the rights of the file and its folder, or choose another place",
  ],
  EROFS: ["the file system is read-only", "choose a place on another file system"],
  ENOSPC: ["the disk is full", "free some space, or choose a place on another disk"],
  EDQUOT: ["the disk quota is used up", "free some space, or choose a place on another disk"],
  EFBIG: [
    "the file is too large for its file system",
    "choose a place on another file system, or write shards",
  ],
  EISDIR: ["this is a folder, not a file", "give the path of a file"],
  ENOTDIR: ["a part of the path is a file, not a folder", "check the path"],
  EMFILE: ["too many files are open", "close some, or raise the limit (`ulimit -n`)"],
  ENAMETOOLONG: ["the name is too long", "choose a shorter name"],
};

/** The system's code of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * What an error of the file system becomes: IO, with the path, what it means and what to do. A `LoraError`
 * stays as it is.
 *
 * @param doing what was tried, e.g. `writing`
 */
export function ioError(error: unknown, path: string, doing: string): LoraError {
  if (error instanceof LoraError) return error;
  const code = systemCode(error);
  const known = code === undefined ? undefined : CAUSES[code];
  const rule = known?.[0] ?? (error instanceof Error ? error.message : String(error));
  return new LoraError("IO", `${doing} failed: ${rule}`, {
    file: path,
    system: code,
    advice: known?.[1],
    cause: error,
  });
}

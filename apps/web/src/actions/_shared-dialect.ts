import { LoraError } from "@lora/tensor";
import type { ActionFile } from "./_action.ts";

/**
 * The dialect that all files are read in by choice, if any is; jobs that compare files take one for all.
 *
 * @throws LoraError USAGE when they are to be read in different ones
 */
export function sharedDialect(files: readonly ActionFile[]): string | undefined {
  const [first, ...others] = files;
  const other = others.find(({ dialect }) => dialect !== first?.dialect);
  if (other === undefined) return first?.dialect;
  throw new LoraError(
    "USAGE",
    "files that are compared are read in one dialect, or each in what it is detected as",
    {
      file: other.file.name,
      advice: "choose the same dialect for both, or none",
    },
  );
}

import type { LoraErrorCode } from "@lora/tensor";

/** What helps with most errors of a kind, for those that come without advice of their own. */
export const usualAdvice: Readonly<Record<LoraErrorCode, string | undefined>> = {
  USAGE: "see the flags and examples of the command with --help",
  FORMAT: "fetch the file again; if it stays like this, the program that wrote it is at fault",
  SHAPE: "check that the file is whole, and that the files belong together",
  DTYPE: "choose the stored type with --dtype f16, bf16 or f32",
  NUMERIC: "use an earlier checkpoint of the training, or fetch the file again",
  MISSING: "check that the file is whole, and that the files belong together",
  UNSUPPORTED: "convert it with the tool that wrote it",
  IO: "check the path, the permissions and the disk",
  DEVICE: "calculate without it, on the processor",
  ABORTED: undefined,
  VERIFICATION: undefined,
};

import type { LoraErrorCode } from "@lora/tensor";

/** What the process says at its end. */
export const EXIT = { done: 0, failed: 1, usage: 2, verification: 3, interrupted: 130 } as const;

/** The exit code for the kinds of failure that have their own. */
export function exitCode(code: LoraErrorCode): number {
  if (code === "USAGE") return EXIT.usage;
  if (code === "VERIFICATION") return EXIT.verification;
  return code === "ABORTED" ? EXIT.interrupted : EXIT.failed;
}

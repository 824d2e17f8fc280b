import tab from "@bomb.sh/tab/commander";
import { createProgram } from "./create-program.ts";

/**
 * Answers `lora complete SHELL` with the script of the shell, and what that script asks, `lora complete -- WORDS`,
 * with the words that fit.
 *
 * @param words as given on the command line, `complete` first
 */
export async function completeShell(words: readonly string[]): Promise<void> {
  // The library puts its own `complete` on the program, so it gets one without ours.
  const program = createProgram(async () => {}, (command) => command.name !== "complete");
  tab(program);
  await program.parseAsync(words, { from: "user" });
}

import tab from "@bomb.sh/tab/commander";
import type { Command as Program } from "commander";
import { pathCandidates } from "./path-candidates.ts";

/** Arguments and flags that are paths. */
const PATHS = [
  "file",
  "a",
  "b",
  "base",
  "out",
  "residual-base",
  "activations",
  "gradients",
  "tuned",
  "part",
  "from-json",
  "thumbnail",
  "extract-thumbnail",
];

/**
 * Answers `lora complete SHELL` with the script of the shell, and what that script asks, `lora complete -- WORDS`,
 * with the words and paths that fit.
 *
 * @param program gets the library's `complete` in place of its own
 * @param words as given on the command line, `complete` first
 */
export async function completeShell(program: Program, words: readonly string[]): Promise<void> {
  const commands = program.commands as Program[];
  commands.splice(
    commands.findIndex((command) => command.name() === "complete"),
    1,
  );
  const completion = tab(program);
  const offerPaths = (offer: (value: string, description: string) => void): void => {
    for (const path of pathCandidates((words.at(-1) ?? "").replace(/^--[\w-]+=/, ""))) offer(path, "");
  };
  for (const { arguments: places, options } of completion.commands.values()) {
    for (const place of [...places.values(), ...options.values()]) {
      if (PATHS.includes("name" in place ? place.name : place.value)) place.handler = offerPaths;
    }
  }
  await program.parseAsync(words, { from: "user" });
}

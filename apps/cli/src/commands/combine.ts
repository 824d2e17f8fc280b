import { LoraError } from "@lora/tensor";
import type { Command } from "./_command.ts";
import { addCombineFlags, type CombineFlags } from "./_combine-flags.ts";
import { examples } from "./_examples.ts";

/** The methods of `@lora/peft`, told here so that help needs no library. */
const METHODS = [
  "linear",
  "svd",
  "cat",
  "ties",
  "dare_linear",
  "dare_ties",
  "magnitude_prune",
  "della",
  "della_linear",
  "breadcrumbs",
  "breadcrumbs_ties",
  "slerp",
  "karcher",
];

/** `lora combine A:0.7 B:0.3 -o OUT`: adapters into one adapter. */
export const combine: Command = {
  name: "combine",
  register(program, run) {
    const command = program
      .command("combine")
      .summary("make one adapter of several, each at its weight")
      .description(
        "Make one adapter of several, each at its weight: by default the exact weighted sum of their updates, whatever their ranks and dialects.",
      )
      .argument("<file:weight...>", "adapters, each with :weight after it (1 where there is none)");
    addCombineFlags(command, METHODS)
      .addHelpText(
        "after",
        examples([
          ["lora combine a.safetensors:0.7 b.safetensors:0.3 -o c.safetensors", "the exact weighted sum"],
          [
            "lora combine a.safetensors b.safetensors:-0.5 -o c.safetensors --method svd --rank 16",
            "truncated",
          ],
          [
            "lora combine a.safetensors:0.7 b.safetensors:0.3 --method ties --dry-run",
            "see interference and error first",
          ],
        ]),
      )
      .action((paths: readonly string[], flags: CombineFlags) =>
        run(async (session) => {
          if (flags.out === undefined && flags.dryRun !== true) {
            throw new LoraError("USAGE", "combine needs a place to write to", {
              advice: "name it with -o OUT, or look at interference and errors with --dry-run",
            });
          }
          const { combineFiles } = await import("../combine-files.ts");
          await combineFiles(paths, flags, session);
        }),
      );
  },
};

import { LoraError } from "@lora/tensor";
import type { MergeFlags } from "../merge-files.ts";
import { shardOption } from "../flags/shard-option.ts";
import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

const EXAMPLES: Parameters<typeof examples>[0] = [
  ["lora merge pirate-tales --base model -o merged", "a folder with the shards and files of the base"],
  [
    "lora merge style.safetensors:0.7 light.safetensors:0.4 --base sdxl.safetensors -o mix.safetensors",
    "two adapters into one file",
  ],
  ["lora merge pirate-tales --base merged -o model-again --unmerge", "and out again, but for rounding"],
];

/** `lora merge ADAPTER… --base BASE -o OUT`: a model with its adapters in its weights. */
export const merge: Command = {
  name: "merge",
  register(program, run) {
    program
      .command("merge")
      .summary("write a model again with adapters merged into its weights")
      .description(
        "Write a model again with adapters merged into its weights, in the types they are stored in. What no adapter changes is copied byte for byte.",
      )
      .argument("<adapter...>", "adapters, each with its weight where that is not 1: style.safetensors:0.7")
      .requiredOption("--base <path>", "the model: a .safetensors file, or a folder with one or with shards")
      .option("-o, --out <path>", "where to write: a .safetensors file, or a folder")
      .option("--safe", "refuse results that are not finite, and round as PEFT's safe_merge does")
      .option("--unmerge", "take the adapters out of a model that they were merged into")
      .option("--dialect <id>", "read the adapters in this dialect, not in what they are detected as")
      .option("--force", "replace a file that is there")
      .addOption(shardOption())
      .addHelpText("after", examples(EXAMPLES))
      .action((adapters: readonly string[], flags: MergeFlags) =>
        run(async (session) => {
          if (flags.out === undefined) {
            throw new LoraError("USAGE", "merge needs a place to write to", {
              advice: "name it with -o OUT",
            });
          }
          const { mergeFiles } = await import("../merge-files.ts");
          await mergeFiles(adapters, { ...flags, out: flags.out }, session);
        }),
      );
  },
};

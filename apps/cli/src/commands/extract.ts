import { LoraError } from "@lora/tensor";
import { type Command as Program, Option } from "commander";
import type { ExtractFlags } from "../extract-files.ts";
import { decimalNumber } from "../flags/decimal-number.ts";
import { shardOption } from "../flags/shard-option.ts";
import { wholeNumber } from "../flags/whole-number.ts";
import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

/** `lora extract --base BASE --tuned TUNED -o OUT`: the adapter that turns one model into another. */
export const extract: Command = {
  name: "extract",
  register(program, run) {
    const command = program
      .command("extract")
      .summary("find the adapter that turns a base into a tuned model")
      .description(
        "Find the adapter that turns a base into a tuned model: the leading singular pairs of the difference of each weight, with the error they leave.",
      )
      .requiredOption("--base <path>", "the model before training: a .safetensors file, or a folder")
      .requiredOption("--tuned <path>", "the model after training")
      .option("-o, --out <path>", "folder for the adapter and its configuration");
    addExtractFlags(command)
      .addHelpText(
        "after",
        examples([
          ["lora extract --base model --tuned model-finetuned -o adapter --rank 32", "a fixed rank"],
          [
            "lora extract --base a.safetensors --tuned b.safetensors -o adapter --error 0.1",
            "a stated error",
          ],
        ]),
      )
      .action((flags: ExtractFlags) =>
        run(async (session) => {
          if (flags.out === undefined) {
            throw new LoraError("USAGE", "extract needs a place to write to", {
              advice: "name it with -o OUT",
            });
          }
          const { extractFiles } = await import("../extract-files.ts");
          await extractFiles({ ...flags, out: flags.out }, session);
        }),
      );
  },
};

function addExtractFlags(command: Program): Program {
  return command
    .optionsGroup("Rules, one of them:")
    .addOption(new Option("--rank <n>", "this rank for every weight").argParser(wholeNumber("--rank")))
    .addOption(
      new Option(
        "--energy <p>",
        "smallest rank that keeps this share of the energy, the sum of s^2",
      ).argParser(decimalNumber("--energy", "0.9")),
    )
    .addOption(
      new Option("--error <e>", "smallest rank with at most this relative error").argParser(
        decimalNumber("--error", "0.1"),
      ),
    )
    .optionsGroup("Options:")
    .addOption(
      new Option("--max-rank <n>", "the most pairs of a weight, whatever the rule").argParser(
        wholeNumber("--max-rank"),
      ),
    )
    .addOption(new Option("--dtype <type>", "stored type of the factors").choices(["f16", "bf16", "f32"]))
    .option("--keep-rest", "keep changed norms and biases whole, as modules_to_save")
    .option("--force", "replace an adapter that is there")
    .addOption(shardOption());
}

import { Option } from "commander";
import type { AnalyseFlags } from "../analyse-file.ts";
import { deviceOption } from "../flags/device-option.ts";
import { shardOption } from "../flags/shard-option.ts";
import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

/** `lora analyse FILE`: spectra, norms and ranks of every update, alone or against the weight it changes. */
export const analyse: Command = {
  name: "analyse",
  register(program, run) {
    program
      .command("analyse")
      .alias("analyze")
      .summary("measure every update: spectrum, norms, ranks; with --base against its weight")
      .description(
        "Measure every update: singular values, norms, effective ranks, and what lower ranks would cost. With --base also how it lies to the weight it changes.",
      )
      .argument("<file>", "adapter: a .safetensors file or another checkpoint, or a PEFT folder")
      .option("--base <path>", "the model it was trained on; only the paired weights are read")
      .option("--modules <all|glob>", 'every module, or those whose name fits, e.g. "*attn1*"')
      .option("--dialect <id>", "read it in this dialect, not in the one it is detected as")
      .addOption(
        new Option(
          "--keep-going",
          "go on past modules whose values are NaN or infinite, and name them",
        ).conflicts("shard"),
      )
      .addOption(deviceOption())
      .addOption(shardOption())
      .addHelpText(
        "after",
        examples([
          ["lora analyse style.safetensors", "how much of the rank is used, and where"],
          ["lora analyse style.safetensors --base sd_xl_base_1.0.safetensors", "against the base weights"],
          ["lora analyse style.safetensors --json | jq '.modules[].singularValues'", "all singular values"],
        ]),
      )
      .action((path: string, flags: AnalyseFlags) =>
        run(async (session) => {
          const { analyseFile } = await import("../analyse-file.ts");
          await analyseFile(path, flags, session);
        }),
      );
  },
};

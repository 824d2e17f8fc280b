import { decimalNumber } from "../flags/decimal-number.ts";
import { shardOption } from "../flags/shard-option.ts";
import type { VerifyFlags } from "../verify-files.ts";
import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

/** `lora verify A B`: whether two adapters make the same updates; exit code 3 when they do not. */
export const verify: Command = {
  name: "verify",
  register(program, run) {
    program
      .command("verify")
      .summary("check that two adapters make the same updates, within a tolerance")
      .description(
        "Check that two adapters make the same updates, whatever their ranks, dialects and stored types. Exits with 3 when they differ.",
      )
      .argument("<a>", "adapter to compare with")
      .argument("<b>", "adapter to check")
      .option(
        "--tolerance <error>",
        "largest relative error of a module that passes (default: what rounding explains)",
        decimalNumber("--tolerance", "0.01"),
      )
      .option("--dialect <id>", "read both in this dialect, not in what they are detected as")
      .addOption(shardOption())
      .addHelpText(
        "after",
        examples([
          ["lora verify style.safetensors converted.safetensors", "the same but for rounding?"],
          ["lora verify style.safetensors small.safetensors --tolerance 0.1", "the same within a tenth?"],
          ["lora verify a.safetensors b.safetensors --json > verify.json || echo differ", "in a script"],
        ]),
      )
      .action((pathA: string, pathB: string, flags: VerifyFlags) =>
        run(async (session) => {
          const { verifyFiles } = await import("../verify-files.ts");
          return verifyFiles([pathA, pathB], flags, session);
        }),
      );
  },
};

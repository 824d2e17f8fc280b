import { EXIT } from "../errors/exit-code.ts";
import { decimalNumber } from "../flags/decimal-number.ts";
import type { Share } from "@lora/jobs";
import { shardOption } from "../flags/shard-option.ts";
import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

interface Flags {
  readonly tolerance?: number;
  readonly dialect?: string;
  readonly shard?: Share;
}

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
      .action((pathA: string, pathB: string, flags: Flags) =>
        run(async (session) => {
          const [jobs, { verifyView }] = await Promise.all([
            import("@lora/jobs"),
            import("../views/verify-view.ts"),
          ]);
          const [a, b] = [await session.open(pathA), await session.open(pathB)];
          const { shard, ...options } = flags;
          if (shard !== undefined) {
            const { printShare } = await import("../print-share.ts");
            const run = {
              job: { job: "verify", options },
              files: new Map([
                ["a", a],
                ["b", b],
              ]),
              share: shard,
            } as const;
            return printShare(run, session, session.context);
          }
          const report = await jobs.verify(a, b, options, session.context);
          session.print(report, (terminal) => verifyView(report, terminal));
          return report.passed ? EXIT.done : EXIT.verification;
        }),
      );
  },
};

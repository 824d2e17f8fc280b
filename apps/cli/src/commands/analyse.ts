import { type DeviceChoice, deviceOption } from "../flags/device-option.ts";
import type { Share } from "@lora/jobs";
import { shardOption } from "../flags/shard-option.ts";
import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

interface Flags {
  readonly base?: string;
  readonly modules?: string;
  readonly dialect?: string;
  readonly device: DeviceChoice;
  readonly shard?: Share;
}

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
      .action((path: string, flags: Flags) =>
        run(async (session) => {
          const [jobs, { analyseView }] = await Promise.all([
            import("@lora/jobs"),
            import("../views/analyse-view.ts"),
          ]);
          const file = await session.open(path);
          const base = flags.base === undefined ? undefined : await session.open(flags.base);
          const options = { base, dialect: flags.dialect, seed: session.seed };
          const context = await session.contextFor(flags.device, base);
          if (flags.shard !== undefined) {
            const { printShare } = await import("../print-share.ts");
            const job = { job: "analyse", options: { dialect: flags.dialect, seed: session.seed } } as const;
            const files = new Map([
              ["adapter", file],
              ...(base === undefined ? [] : [["base", base] as const]),
            ]);
            return printShare({ job, files, share: flags.shard }, session, context);
          }
          const report = await jobs.analyse(file, options, context);
          session.print(report, (terminal) => analyseView(report, terminal, flags));
        }),
      );
  },
};

import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

interface Flags {
  readonly modules?: string;
  readonly dialect?: string;
}

/** `lora compare A B …`: how alike adapters are, by their updates. */
export const compare: Command = {
  name: "compare",
  register(program, run) {
    program
      .command("compare")
      .summary("say how alike adapters are: cosines, distances, shared directions")
      .description(
        "Say how alike adapters are by what they change, whatever their ranks, dialects and stored types. With more than two, a matrix of cosines.",
      )
      .argument("<file...>", "two adapters or more")
      .option("--modules <all|glob>", 'every module, or those whose name fits, e.g. "*attn1*"')
      .option("--dialect <id>", "read all in this dialect, not in what they are detected as")
      .addHelpText(
        "after",
        examples([
          ["lora compare style.safetensors small.safetensors", "what did resizing change?"],
          ["lora compare a.safetensors b.safetensors c.safetensors", "which of these go together?"],
          ['lora compare a.safetensors b.safetensors --modules "*attn2*"', "some modules, one by one"],
        ]),
      )
      .action((paths: readonly string[], flags: Flags) =>
        run(async (session) => {
          const [jobs, { compareView }] = await Promise.all([
            import("@lora/jobs"),
            import("../views/compare-view.ts"),
          ]);
          const files = [];
          for (const path of paths) files.push(await session.open(path));
          const report = await jobs.compare(files, { dialect: flags.dialect }, session.context);
          session.print(report, (terminal) => compareView(report, terminal, flags));
        }),
      );
  },
};

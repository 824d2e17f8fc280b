import type { JoinFlags } from "../join-files.ts";
import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

const EXAMPLES: Parameters<typeof examples>[0] = [
  ["lora join small.safetensors.part-*-of-4 -o small.safetensors", "what four processes have written"],
  [
    "lora join merged.part-*-of-64 -o merged",
    "a model: files that a part holds whole are linked, not copied",
  ],
  ["lora join spectra-*.json --json > spectra.json", "the reports of analyse --shard i/n --json"],
];

/** `lora join PART… -o OUT`: the whole that the parts of a job make. */
export const join: Command = {
  name: "join",
  register(program, run) {
    program
      .command("join")
      .summary("put the parts together that several processes have made of one job")
      .description(
        "Put the parts together that several processes have made of one job with --shard i/n: byte for byte what one process writes. The inputs of the job are not needed.",
      )
      .argument(
        "<part...>",
        "the folders that a job has written, in any order, or the reports that it has printed",
      )
      .option("-o, --out <path>", "where to write the whole: a .safetensors file, or a folder")
      .option("--force", "replace a file that is there")
      .addHelpText("after", examples(EXAMPLES))
      .action((parts: readonly string[], flags: JoinFlags) =>
        run(async (session) => {
          const { joinFiles } = await import("../join-files.ts");
          return joinFiles(parts, flags, session);
        }),
      );
  },
};

import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

interface Flags {
  readonly metadata?: boolean;
  readonly fingerprint?: boolean;
  readonly modules?: string;
  readonly dialect?: string;
}

/** `lora inspect FILE`: what an adapter is, without reading its weights. */
export const inspect: Command = {
  name: "inspect",
  register(program, run) {
    program
      .command("inspect")
      .summary("say what an adapter is: dialect, base, modules, ranks, metadata")
      .description(
        "Say what an adapter is: dialect, base model, modules, ranks, metadata. Reads no weights, but for --fingerprint.",
      )
      .argument("<file>", "adapter: a .safetensors file or another checkpoint, or a PEFT folder")
      .option("--metadata", "all metadata, and adapter_config.json")
      .option("--fingerprint", "a short name of the update, the same whatever it is stored as")
      .option("--modules <all|glob>", 'every module, or those whose name fits, e.g. "*attn1*"')
      .option("--dialect <id>", "read it in this dialect, not in the one it is detected as")
      .addHelpText(
        "after",
        examples([
          ["lora inspect style.safetensors", "what it is, on one screen"],
          ['lora inspect my-adapter/ --modules "*q_proj" --metadata', "some modules, all metadata"],
          ["lora inspect hf:owner/name", "one of the Hugging Face hub; nothing is downloaded but its header"],
          ["lora inspect style.safetensors --json", "the same for a program"],
        ]),
      )
      .action((path: string, flags: Flags) =>
        run(async (session) => {
          const [jobs, { inspectView }] = await Promise.all([
            import("@lora/jobs"),
            import("../views/inspect-view.ts"),
          ]);
          const file = await session.open(path);
          const report = await jobs.inspect(file, flags, session.context);
          session.print(report, (terminal) => inspectView(report, terminal, flags));
        }),
      );
  },
};

import { LoraError } from "@lora/tensor";
import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";
import { addInitFlags, type InitFlags } from "./_init-flags.ts";
import { METHODS } from "./_init-methods.ts";

/** `lora init --base BASE -o OUT`: a fresh adapter, ready to be trained. */
export const init: Command = {
  name: "init",
  register(program, run) {
    const command = program
      .command("init")
      .summary("make a fresh adapter for a base model, to be trained with PEFT")
      .description(
        "Make a fresh adapter for a base model, ready to be trained with PEFT. Methods that take the update out of " +
          "the weights write the base without it too: train on that one.",
      );
    addInitFlags(command, METHODS)
      .addHelpText(
        "after",
        examples([
          ["lora init --base model/ -o adapter/ --rank 16 --target-modules q_proj,v_proj", "a plain LoRA"],
          [
            "lora init --base model/ --method pissa_niter_4 -o adapter/ --residual-base residual/ --rank 16",
            "PiSSA by a randomised SVD",
          ],
          [
            "lora init --base model/ --method eva --activations inputs.safetensors -o adapter/",
            "ranks and directions from the inputs of the modules",
          ],
        ]),
      )
      .action((flags: InitFlags) =>
        run(async (session) => {
          if (flags.out === undefined && flags.dryRun !== true) {
            throw new LoraError("USAGE", "init needs a place to write to", {
              advice: "name a folder with -o OUT, or look at sizes and errors with --dry-run",
            });
          }
          const { initFile } = await import("../init-file.ts");
          await initFile(flags, session);
        }),
      );
  },
};

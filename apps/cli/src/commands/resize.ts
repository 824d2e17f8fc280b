import { LoraError } from "@lora/tensor";
import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";
import { addResizeFlags, type ResizeFlags } from "./_resize-flags.ts";

/** `lora resize FILE -o OUT`: the same updates at lower ranks. */
export const resize: Command = {
  name: "resize",
  register(program, run) {
    const command = program
      .command("resize")
      .summary("write an adapter again at lower ranks, with the least error they allow")
      .description("Write an adapter again at lower ranks, with the least error those ranks allow.")
      .argument("<file>", "adapter: a .safetensors file or another checkpoint, or a PEFT folder");
    addResizeFlags(command)
      .addHelpText(
        "after",
        examples([
          ["lora resize style.safetensors -o small.safetensors --energy 0.99", "keep 99% of the energy"],
          ["lora resize style.safetensors -o out/ --rank 16 --conv-rank 8 --dtype f16", "fixed ranks"],
          [
            "lora resize style.safetensors -o s.safetensors --base model.safetensors --recipe spn_ckpt=1,thr=-1.2:spn_ckpt=1,size=32",
            "two outputs by importance against the base",
          ],
        ]),
      )
      .action((path: string, flags: ResizeFlags) =>
        run(async (session) => {
          if (flags.out === undefined && flags.dryRun !== true) {
            throw new LoraError("USAGE", "resize needs a place to write to", {
              advice: "name it with -o OUT, or look at sizes and errors with --dry-run",
            });
          }
          session.expect(path);
          const { resizeFile } = await import("../resize-file.ts");
          await resizeFile(path, flags, session);
        }),
      );
  },
};

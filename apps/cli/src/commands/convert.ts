import { LoraError } from "@lora/tensor";
import { addConvertFlags, type ConvertFlags } from "./_convert-flags.ts";
import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

/** `lora convert IN -o OUT --to DIALECT`: the same updates for another program, checked; exit code 3 when they differ. */
export const convert: Command = {
  name: "convert",
  register(program, run) {
    const command = program
      .command("convert")
      .summary("write an adapter in another dialect, and check that it does the same")
      .description(
        "Write an adapter in another dialect: names, layout, scales, configuration. The new file is read back and every update compared with the old one; what is folded, padded, joined or dropped is listed. Exits with 3 when an update differs by more than rounding.",
      )
      .argument("<adapter>", "the adapter to convert: a file, or a folder");
    addConvertFlags(command)
      .addHelpText(
        "after",
        examples([
          [
            "lora convert style.safetensors -o style-diffusers.safetensors --to diffusers",
            "kohya to diffusers",
          ],
          ["lora convert adapter -o adapter.gguf --to gguf --base model", "PEFT for llama.cpp and Ollama"],
          [
            "lora convert lokr.safetensors -o plain.safetensors --to kohya --error 0.01",
            "LoKr to plain LoRA",
          ],
        ]),
      )
      .action((path: string, flags: ConvertFlags) =>
        run(async (session) => {
          if (flags.out === undefined) {
            throw new LoraError("USAGE", "convert needs a place to write to", {
              advice: "name it with -o OUT",
            });
          }
          const { convertFile } = await import("../convert-file.ts");
          return convertFile(path, { ...flags, out: flags.out }, session);
        }),
      );
  },
};

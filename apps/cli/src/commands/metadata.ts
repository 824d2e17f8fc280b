import type { Command } from "./_command.ts";
import { addMetadataFlags, type MetadataFlags } from "./_metadata-flags.ts";
import { examples } from "./_examples.ts";

/** `lora metadata FILE`: shows, edits and strips what a file says of itself. */
export const metadata: Command = {
  name: "metadata",
  register(program, run) {
    const command = program
      .command("metadata")
      .summary("show, edit or strip what a file says of itself")
      .description(
        "Show what a file says of itself: title, trigger words, training, hashes, picture. With -o, write it with edited metadata; values are copied byte for byte.",
      )
      .argument("<file>", "a .safetensors file or another checkpoint, or a PEFT folder");
    addMetadataFlags(command)
      .addHelpText(
        "after",
        examples([
          ["lora metadata style.safetensors", "all of it, in groups"],
          ['lora metadata style.safetensors --set modelspec.title="My style" -o titled.safetensors', "edit"],
          ["lora metadata style.safetensors --strip training,thumbnail -o bare.safetensors", "strip"],
          ["lora metadata style.safetensors --extract-thumbnail picture.jpg", "the picture in it"],
          ["lora metadata style.safetensors --hashes", "what Civitai and web UIs know it by"],
        ]),
      )
      .action((path: string, flags: MetadataFlags) =>
        run(async (session) => {
          const { metadataFile } = await import("../metadata-file.ts");
          await metadataFile(path, flags, session);
        }),
      );
  },
};

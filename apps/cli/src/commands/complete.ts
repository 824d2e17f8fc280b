import type { Command } from "./_command.ts";
import { examples } from "./_examples.ts";

/** `lora complete SHELL`: the script that makes a shell complete verbs and flags. */
export const complete: Command = {
  name: "complete",
  register(program) {
    program
      .command("complete")
      .summary("print the completion script of a shell")
      .description("Print the script that makes a shell complete the verbs and flags of lora.")
      .argument("[shell]", "bash, zsh, fish or powershell")
      .allowExcessArguments()
      .addHelpText(
        "after",
        examples([
          ["source <(lora complete bash)", "in ~/.bashrc"],
          ["lora complete fish > ~/.config/fish/completions/lora.fish", "for fish"],
        ]),
      )
      .action(async () => {
        const { completeShell } = await import("../complete-shell.ts");
        // Only the raw words still have the `--` that stands before what is to be completed.
        const { rawArgs } = program as typeof program & { readonly rawArgs: readonly string[] };
        await completeShell(program, [...rawArgs]);
      });
  },
};

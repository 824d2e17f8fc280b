import { Command as Program } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { commands } from "./commands/_index.ts";
import type { Run } from "./commands/_command.ts";
import { addGlobalOptions } from "./global-options.ts";

/** The command line: all verbs with their flags. Parses and throws; it neither prints errors nor ends the process. */
export function createProgram(run: Run): Program {
  const program = new Program("lora")
    .description(
      "Inspect, analyse, shrink, compare, combine, merge, extract, verify and begin low-rank adapters.",
    )
    .version(packageJson.version)
    .usage("<command> <file...> [options]")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .addHelpText(
      "after",
      "\nInputs are paths, URLs, or hf:owner/name[@revision][/path] for the Hugging Face hub.\nlora <command> --help has the flags of a command, and examples.",
    );
  addGlobalOptions(program);
  for (const command of commands) command.register(program, run);
  return program;
}

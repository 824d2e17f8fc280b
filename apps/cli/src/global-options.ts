import { type Command, Option } from "commander";
import { wholeNumber } from "./flags/whole-number.ts";

/** What every command takes. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly progress: boolean;
  readonly color: boolean;
  readonly ascii: boolean;
  readonly seed: number;
}

/** Puts the options that every command takes on the program. */
export function addGlobalOptions(program: Command): Command {
  return program
    .addOption(new Option("--json", "print the report as one line of JSON").default(false, ""))
    .addOption(new Option("-q, --quiet", "nothing on stderr but errors").default(false, ""))
    .addOption(new Option("-v, --verbose", "all facts of an error, and how long it took").default(false, ""))
    .option("--no-progress", "no progress bar")
    .option("--no-color", "no colours (also NO_COLOR; FORCE_COLOR turns them on)")
    .addOption(new Option("--ascii", "nothing but ASCII characters").default(false, ""))
    .addOption(
      new Option("--seed <n>", "seed of randomised methods").default(0).argParser(wholeNumber("--seed")),
    );
}

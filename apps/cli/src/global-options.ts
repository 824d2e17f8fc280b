import { type Command, Option } from "commander";
import { threadCount } from "./flags/thread-count.ts";
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
  /** How many modules are worked on at once; undefined for one a core, within limits. */
  readonly threads?: number | undefined;
  /** Vectors of 256 bits, by an experimental pass of V8. */
  readonly wideVectors: boolean;
}

/** Puts the options that every command takes on the program. */
export function addGlobalOptions(program: Command): Command {
  return program
    .option("--json", "print the report as one line of JSON")
    .option("-q, --quiet", "nothing on stderr but errors")
    .option("-v, --verbose", "all facts of an error, and how long it took")
    .option("--no-progress", "no progress bar")
    .option("--no-color", "no colours (also NO_COLOR; FORCE_COLOR turns them on)")
    .option("--ascii", "nothing but ASCII characters")
    .addOption(
      new Option("--seed <n>", "seed of randomised methods").default(0).argParser(wholeNumber("--seed")),
    )
    .option("--threads <n>", "modules worked on at once (default: one a core, at most 8)", threadCount)
    .option("--wide-vectors", "vectors of 256 bits (experimental): faster products");
}

/** The options of a program that has parsed its words. */
export function globalOptions(program: Command): GlobalOptions {
  const {
    json = false,
    quiet = false,
    verbose = false,
    ascii = false,
    wideVectors = false,
    ...others
  } = program.opts<Partial<GlobalOptions>>();
  return { json, quiet, verbose, ascii, wideVectors, progress: true, color: true, seed: 0, ...others };
}

import { CommanderError } from "commander";
import { consoleOf } from "./console.ts";
import { createProgram } from "./create-program.ts";
import { EXIT } from "./errors/exit-code.ts";
import { reportError } from "./errors/report-error.ts";
import { type GlobalOptions, globalOptions } from "./global-options.ts";
import type { Io } from "./io.ts";
import { HELP_COLUMNS } from "./ready-help.ts";
import { session } from "./session.ts";
import { useWideVectors } from "./wide-vectors.ts";

/**
 * The whole command line tool, in the process that calls it.
 *
 * @param argv what follows `lora`
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 3 verification failed, 130 interrupted
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.done;
  const program = createProgram(async (work) => {
    const options = globalOptions(program);
    if (options.wideVectors) await useWideVectors();
    code = await session(consoleOf(io, options), work);
  });
  const helpWidth = Math.min(HELP_COLUMNS, io.stdout.columns ?? HELP_COLUMNS);
  for (const command of [program, ...program.commands]) {
    command.configureOutput({
      writeOut: (text) => io.stdout.write(text),
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
      getOutHasColors: () => false,
    });
  }
  if (argv.length === 0) {
    io.stderr.write(program.helpInformation());
    return EXIT.usage;
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    return reportError(error, consoleOf(io, usageOptions(argv)));
  }
}

/** Where parsing failed nobody has read the options: what matters to an error is looked up among the words. */
function usageOptions(argv: readonly string[]): GlobalOptions {
  const has = (...words: string[]): boolean => words.some((word) => argv.includes(word));
  return {
    json: has("--json"),
    quiet: has("-q", "--quiet"),
    verbose: has("-v", "--verbose"),
    progress: false,
    color: !has("--no-color"),
    ascii: has("--ascii"),
    seed: 0,
    wideVectors: false,
  };
}

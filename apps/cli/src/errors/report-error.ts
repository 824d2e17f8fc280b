import type { ErrorReport } from "@lora/jobs";
import { LoraError } from "@lora/tensor";
import type { Console } from "../console.ts";
import { asLoraError } from "./as-lora-error.ts";
import { errorLines } from "./error-lines.ts";
import { EXIT, exitCode } from "./exit-code.ts";
import { usualAdvice } from "./usual-advice.ts";

/**
 * Prints what was thrown, on stderr for people and with `--json` also on stdout for programs.
 *
 * @returns the exit code
 */
export function reportError(thrown: unknown, { io, options, errorTerminal }: Console): number {
  const aborted = io.signal.aborted ? new LoraError("ABORTED", "interrupted", { cause: thrown }) : undefined;
  const known = advised(aborted ?? asLoraError(thrown));
  const lines =
    known === undefined
      ? internalErrorLines(thrown, options.verbose)
      : errorLines(known, errorTerminal, options.verbose);
  io.stderr.write(`${lines.join("\n")}\n`);
  if (options.json) io.stdout.write(`${JSON.stringify(errorReport(known, thrown))}\n`);
  return known === undefined ? EXIT.failed : exitCode(known.code);
}

/** The error with advice, its own or the usual one. */
function advised(error: LoraError | undefined): LoraError | undefined {
  if (error === undefined || error.advice !== undefined) return error;
  return new LoraError(error.code, error.message, {
    ...error.facts,
    advice: usualAdvice[error.code],
    cause: error.cause,
  });
}

/** An error in this program: its text, and the stack for whoever wants to report it. */
function internalErrorLines(thrown: unknown, verbose: boolean): string[] {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const stack = thrown instanceof Error && verbose ? (thrown.stack ?? "").split("\n").slice(1) : [];
  const advice = verbose ? [] : ["          try: run it again with --verbose, and report what it prints"];
  return [`INTERNAL  ${text}`, ...stack, ...advice];
}

function errorReport(known: LoraError | undefined, thrown: unknown): ErrorReport | InternalErrorReport {
  if (known !== undefined) {
    const { code, message, facts, advice } = known;
    return { error: { code, message, facts, advice: advice ?? null } };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { error: { code: "INTERNAL", message, facts: {}, advice: null } };
}

/** As `ErrorReport`, for an error that has no code of the toolkit. */
interface InternalErrorReport {
  readonly error: Omit<ErrorReport["error"], "code"> & { readonly code: "INTERNAL" };
}

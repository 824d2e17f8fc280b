import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import type { OpenedCheckpoint } from "@lora/io/node";
import type { RunContext, WorkerPool } from "@lora/jobs";
import type { TensorFile } from "@lora/tensor";
import packageJson from "../package.json" with { type: "json" };
import type { Console } from "./console.ts";
import { EXIT } from "./errors/exit-code.ts";
import { reportError } from "./errors/report-error.ts";
import type { DeviceChoice } from "./flags/device-option.ts";
import { type Opened, openLocation, trafficLines } from "./open-location.ts";
import { openDevice } from "./open-device.ts";
import { durationText } from "./terminal/number-format.ts";
import { type ProgressBar, progressBar } from "./terminal/progress-bar.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** What a command works with: files that are closed after it, a context for its job, and a place for its report. */
export interface Session {
  readonly seed: number;
  readonly context: RunContext;
  /** Says that a job on this file follows: for a large one, workers get ready while its code is loaded. */
  expect(location: string): void;
  /** What is at a path, behind a URL, or called so on the Hugging Face hub. */
  open(location: string): Promise<OpenedCheckpoint>;
  /** The context of a job that measures this base, with what `--device` names for it. */
  contextFor(choice: DeviceChoice, base: TensorFile | undefined): Promise<RunContext>;
  /** The report as JSON or as text, on stdout. */
  print(report: object, view: (terminal: Terminal) => readonly string[]): void;
}

/** What a command does in its session; the exit code when it is not 0. */
export type Work = (session: Session) => Promise<number | void>;

/**
 * Runs a command from the first file to the last: opens, reports progress, prints, closes, and turns what was
 * thrown into a message and an exit code.
 */
export async function session(console: Console, work: Work): Promise<number> {
  const { io, options, terminal } = console;
  const started = io.now();
  const opened: Opened[] = [];
  const bar = showsProgress(console) ? progressBarOf(console) : undefined;
  const pool = await openPool(options.threads ?? Math.min(io.cores, MOST_THREADS));
  const context: RunContext = { signal: io.signal, onProgress: bar?.update, pool, ...OF_THIS_TOOL };
  try {
    const code = await work({
      seed: options.seed,
      context,
      expect: (location) => (bytesOf(location) < LARGE_FILE ? undefined : pool?.begin()),
      async open(location) {
        const file = await openLocation(location, console, bar);
        opened.push(file);
        return file;
      },
      async contextFor(choice, base) {
        const device = await openDevice(choice, base?.byteLength ?? 0);
        if (device === undefined) return context;
        opened.push(device);
        return { ...context, backend: device.backend };
      },
      print(report, view) {
        bar?.clear();
        const text = options.json ? JSON.stringify(report) : view(terminal).join("\n");
        io.stdout.write(`${text}\n`);
      },
    });
    bar?.clear();
    sayWhatItTook(console, opened, io.now() - started);
    return code ?? EXIT.done;
  } catch (error) {
    bar?.clear();
    return reportError(error, console);
  } finally {
    await pool?.close();
    await Promise.allSettled(opened.map((file) => file.close()));
  }
}

/** Bytes of a file that keeps all workers busy. */
const LARGE_FILE = 32 * 2 ** 20;

/** Of a file of the disk; 0 for anything else, and for what opening it will have to say. */
function bytesOf(location: string): number {
  try {
    return statSync(location).size;
  } catch {
    return 0;
  }
}

const OF_THIS_TOOL: Pick<RunContext, "sha256" | "tool"> = {
  sha256: () => createHash("sha256"),
  tool: `lora ${packageJson.version}`,
};

/** What servers were asked for; with `--verbose` also the time. */
function sayWhatItTook({ io, options }: Console, opened: readonly Opened[], milliseconds: number): void {
  if (options.quiet) return;
  for (const line of trafficLines(opened)) io.stderr.write(`${line}\n`);
  if (options.verbose) io.stderr.write(`took ${durationText(milliseconds / 1000)}\n`);
}

/** Unless more are asked for: each takes some 60 MB. */
const MOST_THREADS = 8;

/** Workers that start with the first module; none for one thread, which is this one. */
async function openPool(threads: number): Promise<WorkerPool | undefined> {
  if (threads === 1) return undefined;
  const { nodePool } = await import("@lora/jobs/node");
  return nodePool({ threads });
}

/** Bars are for people who watch: a terminal, no CI, nobody asked for silence. */
function showsProgress({ io, options }: Console): boolean {
  const inCi = (io.env["CI"] ?? "") !== "" && io.env["CI"] !== "false";
  return options.progress && !options.quiet && io.stderr.isTTY === true && !inCi && io.env["TERM"] !== "dumb";
}

function progressBarOf({ io, errorTerminal }: Console): ProgressBar {
  return progressBar({ write: (text) => io.stderr.write(text), terminal: errorTerminal, now: io.now });
}

import { availableParallelism } from "node:os";
import { main } from "./main.ts";

/** Runs the command line of this process: its arguments, streams and signals; sets the exit code. */
export async function start(): Promise<void> {
  const interruption = new AbortController();
  let interruptedBy = 0;

  // The first signal stops the work, so that nothing half-written stays; the second ends the process at once.
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.on(signal, () => {
      if (interruptedBy !== 0) process.exit(code);
      interruptedBy = code;
      interruption.abort();
    });
  }

  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // Whoever read our output, as `head` does, has read enough; a file that was being written is still finished.
      if (error.code === "EPIPE") return;
      process.exitCode = 1;
      if (stream === process.stdout)
        process.stderr.write(`IO  cannot write to stdout (${error.code ?? error.message})\n`);
    });
  }

  const code = await main(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cores: availableParallelism(),
    signal: interruption.signal,
    now: () => performance.now(),
  });
  if (process.exitCode === undefined)
    process.exitCode = code === 130 && interruptedBy !== 0 ? interruptedBy : code;
}

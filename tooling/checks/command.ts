import { spawn } from "node:child_process";

import { root } from "../workspace.ts";

/** How a command ended, with everything it printed, in order. */
export interface Finished {
  readonly ok: boolean;
  readonly output: string;
}

export interface CommandOptions {
  /** The repository root when left out. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Given on the standard input, which is closed otherwise. */
  readonly input?: string;
}

/** Runs a command to its end. One that cannot be started counts as failed. */
export function runCommand(line: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const [command = "", ...args] = line;
  const { cwd = root, env = process.env, input } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: "pipe" });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => resolve({ ok: false, output: error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
    child.stdin.on("error", () => undefined); // a command need not read what it is given
    child.stdin.end(input);
  });
}

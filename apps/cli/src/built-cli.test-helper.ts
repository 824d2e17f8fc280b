import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";

/** The command line tool as one folder of JavaScript, made from the sources as they are now. */
export interface BuiltCli {
  /** Path of `lora.js`. */
  readonly path: string;
  remove(): void;
}

/** Bundles the sources into a folder of its own; needs nothing else to be built. */
export async function buildCli(entries: readonly string[] = ["lora.ts", "worker.ts"]): Promise<BuiltCli> {
  const dir = mkdtempSync(join(tmpdir(), "lora-cli-"));
  const bundle = await rolldown({
    input: entries.map((entry) => join(import.meta.dirname, entry)),
    platform: "node",
    external: /^(webgpu|@huggingface\/hub)$/,
    resolve: { conditionNames: ["@lora/source", "import", "node", "default"] },
  });
  await bundle.write({ dir, format: "esm", entryFileNames: "[name].js" });
  await bundle.close();
  return { path: join(dir, "lora.js"), remove: () => rmSync(dir, { recursive: true }) };
}

/** How a process ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a command; `started` may watch or signal the process. */
export async function spawned(
  [command, ...args]: readonly [string, ...string[]],
  started: (child: ChildProcess) => void = () => {},
): Promise<Ended> {
  const child = spawn(command, args, { env: { ...process.env, LANG: "C.UTF-8", NO_COLOR: "1" } });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  started(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

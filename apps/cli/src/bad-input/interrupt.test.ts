import type { ChildProcess } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../main.ts";
import { type BuiltCli, buildCli, spawned } from "../built-cli.test-helper.ts";
import { largeAdapter } from "./large-adapter.test-helper.ts";
import { contents, inFolder } from "./malformed.test-helper.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

/** A folder with an adapter whose resize takes seconds. */
async function withLargeAdapter(work: (folder: string, path: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, "style.safetensors");
    writeFileSync(path, largeAdapter({ modules: 40, width: 640, rank: 48 }));
    await work(folder, path);
  });
}

/** Sends a signal as soon as a file is half-written in a folder. */
function interruptWhileWriting(child: ChildProcess, folder: string, signal: NodeJS.Signals): void {
  const watch = setInterval(() => {
    if (!readdirSync(folder).some((name) => name.includes(".partial-"))) return;
    clearInterval(watch);
    child.kill(signal);
  }, 1);
  child.on("close", () => clearInterval(watch));
}

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s while a file is written exits with %i and leaves nothing of it", async (signal, code) => {
  await withLargeAdapter(async (folder, path) => {
    const before = contents(folder);
    const argv = [
      process.execPath,
      cli.path,
      "resize",
      path,
      "-o",
      join(folder, "out.safetensors"),
      "--rank",
      "40",
    ] as const;
    const ended = await spawned(argv, (child) => interruptWhileWriting(child, folder, signal));
    expect(ended).toEqual({ code, stdout: "", stderr: "ABORTED  interrupted\n" });
    expect(contents(folder)).toEqual(before);
  });
});

test.each(["decomposing", "writing"])(
  "an abort while %s stops the job, whatever it was at",
  async (phase) => {
    await withLargeAdapter(async (folder, path) => {
      const before = contents(folder);
      const interruption = new AbortController();
      const [out, err]: [string[], string[]] = [[], []];
      const code = await main(["resize", path, "-o", join(folder, "out.safetensors"), "--rank", "40"], {
        stdout: { write: (text) => out.push(text) },
        stderr: {
          isTTY: true,
          columns: 80,
          write(text) {
            err.push(text);
            if (text.includes(phase)) interruption.abort();
          },
        },
        env: { LANG: "C.UTF-8", NO_COLOR: "1" },
        signal: interruption.signal,
        now: () => performance.now(),
      });
      expect({ code, stdout: out.join("") }).toEqual({ code: 130, stdout: "" });
      expect(err.at(-1)).toBe("ABORTED  interrupted\n");
      expect(contents(folder)).toEqual(before);
    });
  },
);

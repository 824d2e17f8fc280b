import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCli, buildCli, spawned } from "../built-cli.test-helper.ts";
import { LONG_JOBS, writeInputs } from "../long-jobs.test-helper.ts";
import { contents, inFolder } from "./malformed.test-helper.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
}, 60_000);
afterAll(() => cli.remove());

const FIRST_SHARD = "model-00001-of-00005.safetensors";

/** Kills the process as soon as the first shard has its name. */
function killAfterFirstShard(child: ChildProcess, partial: string): void {
  const watch = setInterval(() => {
    if (!existsSync(partial) || !readdirSync(partial).includes(FIRST_SHARD)) return;
    clearInterval(watch);
    child.kill("SIGKILL");
  }, 1);
  child.on("close", () => clearInterval(watch));
}

test("finished shards are taken over, and not where another merge left them", async () => {
  await inFolder(async (folder) => {
    await writeInputs(folder, { layers: 8, width: 512 });
    const words = LONG_JOBS["merge into a folder"]!.words((name) => join(folder, name));
    const merging = [process.execPath, cli.path, ...words, "--threads", "2", "--json"] as const;
    await spawned(merging);
    const expected = contents(join(folder, "merged"));
    rmSync(join(folder, "merged"), { recursive: true });
    const interrupt = (): ReturnType<typeof spawned> =>
      spawned(merging, (child) => killAfterFirstShard(child, join(folder, "merged.partial")));
    if ((await interrupt()).code !== 0) {
      const { output } = JSON.parse((await spawned(merging)).stdout);
      expect(output.resumed).toContain(FIRST_SHARD);
    }
    expect(contents(join(folder, "merged"))).toEqual(expected);
    rmSync(join(folder, "merged"), { recursive: true });
    if ((await interrupt()).code === 0) return;
    const { output } = JSON.parse((await spawned([...merging, "--safe"])).stdout);
    expect(output.resumed).toEqual([]);
  });
});

import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contents, inFolder } from "./bad-input/malformed.test-helper.ts";
import { whileWriting } from "./bad-input/kills.test-helper.ts";
import { type BuiltCli, buildCli, type Ended, spawned } from "./built-cli.test-helper.ts";
import { LONG_JOBS, writeInputs } from "./long-jobs.test-helper.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
}, 60_000);
afterAll(() => cli.remove());

type Started = Parameters<typeof spawned>[1];

function lora(words: readonly string[], started?: Started): Promise<Ended> {
  return spawned([process.execPath, cli.path, ...words, "--shard", "2/3", "--threads", "1"], started);
}

const partOf = (output: string): string => `${output}.part-2-of-3`;

/** A way of each command. */
const { "resize by a rule for each module": _one, "merge into one file": _file, ...JOBS } = LONG_JOBS;

test.each(Object.entries(JOBS))(
  "%s: a share that is there is recognised, one that was killed is made, and no other is taken for it",
  async (_, { words, outputs }) => {
    await inFolder(async (folder) => {
      const path = (name: string): string => join(folder, name);
      await writeInputs(folder, { layers: 6, width: 64 });
      const call = words(path);
      await lora(call, whileWriting(folder, "SIGKILL"));
      const made = await lora(call);
      expect([made.code, made.stderr]).toEqual([0, ""]);
      const expected = contents(folder);
      const times = outputs.map((output) => statSync(path(partOf(output))).mtimeMs);

      const again = await lora([...call, "--json"]);
      expect([again.code, again.stderr]).toEqual([0, ""]);
      const reports = again.stdout.trimEnd().split("\n");
      expect(reports.map((text) => JSON.parse(text).alreadyThere)).toEqual(outputs.map(() => true));
      expect(contents(folder)).toEqual(expected);
      expect(outputs.map((output) => statSync(path(partOf(output))).mtimeMs)).toEqual(times);

      rmSync(path(partOf(outputs[0]!)), { recursive: true });
      expect((await lora(call)).code).toBe(0);
      expect(contents(folder)).toEqual(expected);
    });
  },
  120_000,
);

test("a part of other inputs or other options is neither taken nor replaced", async () => {
  await inFolder(async (folder) => {
    const path = (name: string): string => join(folder, name);
    await writeInputs(folder, { layers: 6, width: 32 });
    const call = LONG_JOBS["merge into a folder"]!.words(path);
    await lora(call);
    const before = contents(path(partOf("merged")));
    const refused = "USAGE  the part is there already, made from other inputs or with other options";
    expect((await lora([...call, "--safe"])).stderr.split("\n")[0]).toBe(refused);
    const adapter = readFileSync(path("a.safetensors"));
    writeFileSync(path("a.safetensors"), adapter.fill(0x3d, adapter.length - 64));
    const { code, stderr } = await lora(call);
    expect([code, stderr.split("\n")[0]]).toEqual([2, refused]);
    expect(contents(path(partOf("merged")))).toEqual(before);
    expect((await lora([...call, "--force"])).code).toBe(0);
    expect(contents(path(partOf("merged")))).not.toEqual(before);
  });
});

test("a part whose file ends early is not taken for whole", async () => {
  await inFolder(async (folder) => {
    const path = (name: string): string => join(folder, name);
    await writeInputs(folder, { layers: 6, width: 32 });
    const call = LONG_JOBS["merge into one file"]!.words(path);
    await lora(call);
    const part = partOf("m.safetensors");
    const file = path(
      Object.keys(contents(folder)).find(
        (name) => name.startsWith(`${part}/`) && name.endsWith(".safetensors"),
      )!,
    );
    writeFileSync(file, readFileSync(file).subarray(0, -1));
    const { code, stderr } = await lora(call);
    expect([code, stderr.split("  ")[0]]).toEqual([1, "FORMAT"]);
  });
});

import { cpSync, existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contents, inFolder } from "./bad-input/malformed.test-helper.ts";
import { type BuiltCli, buildCli, type Ended, spawned } from "./built-cli.test-helper.ts";
import { LONG_JOBS, outputContents, writeInputs } from "./long-jobs.test-helper.ts";

const data = path.resolve(import.meta.dirname, "../../..", process.env["LORA_DATA"] ?? "../shared/data");
const PARTS = 4;

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
}, 60_000);
afterAll(() => cli.remove());

async function lora(...words: readonly string[]): Promise<Ended> {
  const ended = await spawned([process.execPath, cli.path, ...words, "--threads", "1"]);
  expect([ended.code, ended.stderr]).toEqual([0, ""]);
  return ended;
}

/** Four processes at once, each with its share. */
async function shares(words: readonly string[]): Promise<readonly Ended[]> {
  const runs = Array.from({ length: PARTS }, (_, i) => lora(...words, "--shard", `${i + 1}/${PARTS}`));
  return Promise.all(runs);
}

/** A line of JSON for each output. */
const parsed = (text: string): unknown[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

const partsOf = (output: string): string[] =>
  Array.from({ length: PARTS }, (_, i) => `${output}.part-${i + 1}-of-${PARTS}`);

test.each(Object.entries(LONG_JOBS))(
  "%s: what four processes write and join is what one writes, byte for byte",
  async (_, { words, outputs }) => {
    await inFolder(async (folder) => {
      const inFolderPath = (name: string): string => path.join(folder, name);
      await writeInputs(folder, { layers: 6, width: 32 });
      const inputs = contents(folder);
      const call = words(inFolderPath);
      const single = await lora(...call, "--json");
      const expected = outputContents(folder, outputs);
      expect(Object.keys(expected)).not.toEqual([]);
      for (const output of outputs) rmSync(inFolderPath(output), { recursive: true });
      await shares(call);
      expect(outputContents(folder, outputs)).toEqual({});
      const reports: string[] = [];
      for (const output of outputs) {
        const target = output === "i-base" ? "i-base/" : output;
        const joined = await lora(
          "join",
          ...partsOf(inFolderPath(output)),
          "-o",
          inFolderPath(target),
          "--json",
        );
        reports.push(joined.stdout);
      }
      expect(outputContents(folder, outputs)).toEqual(expected);
      expect(contents(folder)).toMatchObject(inputs);
      // Whoever joins an adapter does not know where its base goes.
      if (words === LONG_JOBS["init"]!.words) return;
      expect(parsed(reports.join(""))).toEqual(parsed(single.stdout));
    });
  },
);

test("the shares of an analysis make its report", async () => {
  await inFolder(async (folder) => {
    await writeInputs(folder, { layers: 6, width: 32 });
    const words = ["analyse", path.join(folder, "a.safetensors"), "--base", path.join(folder, "base")];
    const call = [...words, "--dialect", "generic", "--json"];
    const reports = (await shares(call)).map(({ stdout }, i) => {
      const file = path.join(folder, `part-${i}.json`);
      writeFileSync(file, stdout);
      return file;
    });
    expect((await lora("join", ...reports, "--json")).stdout).toBe((await lora(...call)).stdout);
  });
});

test("a file of a model that a part holds whole is linked", async () => {
  await inFolder(async (folder) => {
    const inFolderPath = (name: string): string => path.join(folder, name);
    await writeInputs(folder, { layers: 8, width: 32 });
    await shares(LONG_JOBS["merge into a folder"]!.words(inFolderPath));
    const parts = partsOf(inFolderPath("merged"));
    await lora("join", ...parts, "-o", inFolderPath("merged"));
    const shard = "model-00001-of-00005.safetensors";
    expect(statSync(inFolderPath(`merged/${shard}`)).ino).toBe(statSync(path.join(parts[0]!, shard)).ino);
  });
});

const REAL = path.join(data, "peft-adapters/saraelsafty-movies");

describe.skipIf(!existsSync(REAL))("a real adapter", () => {
  test("is resized the same by four processes", async () => {
    await inFolder(async (folder) => {
      const [input, output] = [path.join(folder, "movies"), path.join(folder, "small")];
      cpSync(REAL, input, { recursive: true });
      const call = ["resize", input, "-o", output, "--energy", "0.9"];
      await lora(...call);
      const expected = contents(output);
      rmSync(output, { recursive: true });
      await shares(call);
      await lora("join", ...partsOf(output), "-o", output);
      expect(contents(output)).toEqual(expected);
    });
  });
});

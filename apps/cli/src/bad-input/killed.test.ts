import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCli, buildCli, type Ended, spawned } from "../built-cli.test-helper.ts";
import { LONG_JOBS, type LongJob, outputContents, present, writeInputs } from "../long-jobs.test-helper.ts";
import { after, whileWriting } from "./kills.test-helper.ts";
import { contents, inFolder } from "./malformed.test-helper.ts";

const SIZE = { layers: 6, width: 160 };
const KILLS = 2;
/** The machine may have other work. */
const MOST_MILLISECONDS = 240_000;

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
}, 60_000);
afterAll(() => cli.remove());

type Started = Parameters<typeof spawned>[1];

function lora(words: readonly string[], started?: Started): Promise<Ended> {
  return spawned([process.execPath, cli.path, ...words, "--threads", "2", "--json"], started);
}

/** Shares from 0 to 1 that follow a seed. */
function shares(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

/** Parts of three processes, to be joined. */
async function writeParts({ words, outputs }: LongJob, path: (name: string) => string): Promise<string[]> {
  const runs = [1, 2, 3].map((index) => lora([...words(path), "--shard", `${index}/3`]));
  for (const { code, stderr } of await Promise.all(runs)) expect([code, stderr]).toEqual([0, ""]);
  return [1, 2, 3].map((index) => path(`${outputs[0]}.part-${index}-of-3`));
}

interface Case extends LongJob {
  /** What has to be there before, besides the inputs. */
  readonly before?: (path: (name: string) => string) => Promise<unknown>;
}

function joining(name: string): Case {
  const job = LONG_JOBS[name]!;
  const [output = ""] = job.outputs;
  return {
    outputs: [output],
    before: (path) => writeParts(job, path),
    words: (path) => ["join", ...[1, 2, 3].map((i) => path(`${output}.part-${i}-of-3`)), "-o", path(output)],
  };
}

const CASES: Readonly<Record<string, Case>> = {
  ...LONG_JOBS,
  "a share of a merge": {
    words: (path) => [...LONG_JOBS["merge into a folder"]!.words(path), "--shard", "2/2"],
    outputs: ["merged.part-2-of-2"],
  },
  "join of an adapter": joining("resize by a rule for each module"),
  "join of a model in several files": joining("merge into a folder"),
  "join of a model in one file": joining("merge into one file"),
};

/** Ctrl-C while an output is written leaves nothing new; but a merge into a folder its finished files, to go on from. */
async function interrupted(folder: string, { words, outputs }: LongJob): Promise<void> {
  const path = (file: string): string => join(folder, file);
  const names = (): string[] =>
    Object.keys(contents(folder)).filter((file) => !/^merged\.partial(?:\/|$)/u.test(file));
  const before = names();
  const { code } = await lora(words(path), whileWriting(folder, "SIGINT"));
  for (const output of present(folder, outputs)) rmSync(path(output), { recursive: true });
  expect(before).toEqual(expect.arrayContaining(names()));
  expect([0, 130]).toContain(code);
}

// A process that starts keeps one core busy: several at once fill what there is.
test.concurrent.each(Object.entries(CASES))(
  "%s: killed or interrupted at any moment it leaves its inputs and no half of an output, and the next run completes it",
  async (name, { words, outputs, before }) => {
    await inFolder(async (folder) => {
      const path = (file: string): string => join(folder, file);
      await writeInputs(folder, SIZE);
      await before?.(path);
      const inputs = contents(folder);
      const started = performance.now();
      const whole = await lora(words(path));
      const milliseconds = performance.now() - started;
      expect([whole.code, whole.stderr]).toEqual([0, ""]);
      const expected = outputContents(folder, outputs);
      for (const output of outputs) rmSync(path(output), { recursive: true });
      const kills = [
        ...shares(name.length, KILLS).map((share) => after((0.2 + 0.8 * share) * milliseconds, "SIGKILL")),
        whileWriting(folder, "SIGKILL"),
      ];
      for (const kill of kills) {
        await lora(words(path), kill);
        expect(contents(folder)).toMatchObject(inputs);
        // Whatever bears its final name is whole: one of several outputs, or all where the kill came after the last.
        expect(expected).toMatchObject(outputContents(folder, outputs));
        for (const output of present(folder, outputs)) rmSync(path(output), { recursive: true });
      }
      await interrupted(folder, { words, outputs });
      const again = await lora(words(path));
      expect([again.code, again.stderr]).toEqual([0, ""]);
      expect(outputContents(folder, outputs)).toEqual(expected);
    });
  },
  MOST_MILLISECONDS,
);

import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bytesSource, memorySink, openSource, writeSafetensors } from "@lora/io";
import { openFile, writeFile } from "@lora/io/node";
import { elementCount, type Progress, tensorFile, tensorOfValues } from "@lora/tensor";
import { afterAll, describe, expect, test } from "vitest";
import { kohyaFile } from "./adapters.test-helper.ts";
import { analyse, createPool, resize, resizeTasks, type RunContext, verify } from "./index.ts";
import { nodePool, nodeWorker } from "./node/node-pool.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const sample = await openFile(path.join(root, "samples/pirate-tales"));
const base = await openFile(path.join(root, "samples/base"));
const pools = [1, 2, 3].map((threads) => nodePool({ threads }));
afterAll(async () => {
  await Promise.all([...pools, sample, base].map((opened) => opened.close()));
});

/** What a job gives in this thread, and in 1, 2 and 3 others. */
async function everywhere<T>(job: (context: RunContext) => Promise<T>): Promise<[inline: T, inPools: T[]]> {
  const inPools: T[] = [];
  for (const pool of pools) inPools.push(await job({ pool }));
  return [await job({}), inPools];
}

/** A made-up adapter of many modules of different sizes. */
function many(modules: number): ReturnType<typeof kohyaFile> {
  return kohyaFile(
    Object.fromEntries(
      Array.from({ length: modules }, (_, index) => [
        `lora_unet_${String(index).padStart(3, "0")}`,
        { out: 30 + 7 * (index % 5), in: 40 + 11 * (index % 3), rank: 8, dtype: "f16" as const },
      ]),
    ),
  );
}

describe("any number of threads gives", () => {
  test.each([{ energy: 0.9 }, { recipe: "spn_lora=1,thr=-0.5:fro_ckpt=1,spn_ckpt=1,size=0.2" }])(
    "the same files and reports of a resize: %o",
    async (flags) => {
      const [inline, inPools] = await everywhere(async (context) => {
        const outputs = await resize(sample, { tasks: resizeTasks(flags), base, dtype: "f16" }, context);
        const written: unknown[] = [];
        for (const { file, report } of outputs) {
          const sink = memorySink();
          const bytes = await writeSafetensors(file, sink);
          await sink.commit();
          const digest = createHash("sha256").update(sink.bytes!).digest("hex");
          written.push(digest, report({ path: "small.safetensors", bytes }));
        }
        return written;
      });
      for (const written of inPools) expect(written).toEqual(inline);
    },
  );

  test("the same analysis", async () => {
    const [inline, inPools] = await everywhere((context) => analyse(sample, { base }, context));
    for (const report of inPools) expect(report).toEqual(inline);
  });

  test("the same verification", async () => {
    const [small] = await resize(many(12), { tasks: resizeTasks({ rank: 5 }) });
    const [inline, inPools] = await everywhere((context) => verify(many(12), small!.file, {}, context));
    for (const report of inPools) expect(report).toEqual(inline);
  });

  test("the same error, that of the first module with one", async () => {
    const tensors = new Map(many(12).tensors);
    for (const index of ["007", "004", "010"]) {
      const name = `lora_unet_${index}.lora_up.weight`;
      const { shape } = tensors.get(name)!;
      tensors.set(name, tensorOfValues(new Float64Array(elementCount(shape)).fill(Number.NaN), "f32", shape));
    }
    const broken = tensorFile({ name: "broken.safetensors", tensors });
    const [inline, inPools] = await everywhere((context) =>
      analyse(broken, {}, context).catch((error: unknown) => JSON.parse(JSON.stringify(error)) as unknown),
    );
    expect(inline).toMatchObject({
      code: "NUMERIC",
      message: "value 0 of a factor is NaN",
      facts: {
        file: "broken.safetensors",
        module: "lora_unet_004",
        tensor: "lora_unet_004.lora_up.weight",
        index: 0,
      },
    });
    for (const error of inPools) expect(error).toEqual(inline);
  });
});

test("progress counts the bytes of modules as they are done", async () => {
  const steps: Progress[] = [];
  await analyse(many(5), {}, { pool: pools[1], onProgress: (progress) => steps.push(progress) });
  const total = [...many(5).tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(steps).toHaveLength(5);
  for (const [i, step] of steps.entries()) {
    expect(step).toEqual({ phase: "analysing", done: step.done, total, unit: "bytes" });
    expect(step.done).toBeGreaterThan(steps[i - 1]?.done ?? 0);
  }
  expect(steps.at(-1)!.done).toBe(total);
});

test("a file in memory can be used again after its bytes went to workers", async () => {
  const sink = memorySink();
  await writeSafetensors(many(3), sink);
  await sink.commit();
  const file = await openSource(bytesSource(sink.bytes!, "memory.safetensors"));
  const report = await analyse(file, {}, { pool: pools[1] });
  expect(await analyse(file, {}, { pool: pools[1] })).toEqual(report);
  expect(await analyse(file)).toEqual(report);
});

test.each(["decomposing", "writing"])(
  "cancelled while %s, a resize leaves no file, and its closed pool no worker",
  async (phase) => {
    const folder = mkdtempSync(path.join(tmpdir(), "lora-threads-"));
    let alive = 0;
    const start = nodeWorker(new URL("node/worker.ts", import.meta.url));
    const pool = createPool({
      size: 2,
      spawn: ({ reply, died }, compiled) => {
        alive += 1;
        return start({ reply, died: (reason) => ((alive -= 1), died(reason)) }, compiled);
      },
    });
    const cancelling = new AbortController();
    const context = {
      pool,
      signal: cancelling.signal,
      onProgress: (progress: Progress) => {
        if (progress.phase === phase && progress.done > 0.4 * progress.total) cancelling.abort();
      },
    };
    const work = async (): Promise<void> => {
      const [output] = await resize(many(40), { tasks: resizeTasks({ rank: 4 }) }, context);
      await writeFile(output!.file, path.join(folder, "small.safetensors"), context);
    };
    await expect(work()).rejects.toMatchObject({ code: "ABORTED" });
    expect(alive).toBe(2);
    await pool.close();
    expect(alive).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  },
);

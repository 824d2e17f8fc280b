import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memorySink, writeSharded } from "@lora/io";
import { tensorFile, tensorOfBytes } from "@lora/tensor";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCli, buildCli, spawned } from "../built-cli.test-helper.ts";
import { contents, inFolder } from "./malformed.test-helper.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

const [LAYERS, WIDTH, RANK] = [8, 512, 4];

/** Small numbers in bf16, made from their place. */
function made(rows: number, cols: number, seed: number): ReturnType<typeof tensorOfBytes> {
  const bits = Uint16Array.from(
    { length: rows * cols },
    (_, i) => 0x3c00 + (((i * 2_654_435_761 + seed) >>> 16) % 0x180) + (i % 2) * 0x8000,
  );
  return tensorOfBytes(new Uint8Array(bits.buffer), "bf16", [rows, cols]);
}

async function writeModel(folder: string): Promise<void> {
  const tensors = Array.from(
    { length: LAYERS },
    (_, i) => [`layers.${i}.q.weight`, made(WIDTH, WIDTH, i)] as const,
  );
  const sinks = new Map<string, ReturnType<typeof memorySink>>();
  const model = tensorFile({ name: "model", tensors });
  await writeSharded(
    model,
    (name) => {
      const sink = memorySink();
      sinks.set(name, sink);
      return sink;
    },
    { maxShardBytes: 2 * WIDTH * WIDTH * 2, stem: "model" },
  );
  mkdirSync(folder);
  for (const [name, sink] of sinks) writeFileSync(join(folder, name), sink.bytes!);
  writeFileSync(join(folder, "config.json"), "{}");
  writeFileSync(join(folder, "tokenizer.json"), '{"words":1}');
}

async function writeAdapter(path: string): Promise<void> {
  const tensors = Array.from({ length: LAYERS }, (_, i) => [
    [`layers.${i}.q.lora_down.weight`, made(RANK, WIDTH, i)] as const,
    [`layers.${i}.q.lora_up.weight`, made(WIDTH, RANK, i + 50)] as const,
  ]).flat();
  const sink = memorySink();
  await writeSharded(tensorFile({ name: "adapter", tensors }), () => sink, {
    maxShardBytes: Infinity,
    stem: "a",
  });
  writeFileSync(path, sink.bytes!);
}

function merging(folder: string): readonly [string, ...string[]] {
  const path = (name: string): string => join(folder, name);
  const call = ["merge", path("adapter.safetensors"), "--base", path("base"), "-o", path("out")];
  return [process.execPath, cli.path, ...call, "--dialect", "generic", "--threads", "2", "--json"];
}

function killAfter(child: ChildProcess, milliseconds: number): void {
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  child.on("close", () => clearTimeout(timer));
}

test("a merge that is killed at any moment leaves its inputs and no output, and the next run completes it", async () => {
  await inFolder(async (folder) => {
    await writeModel(join(folder, "base"));
    await writeAdapter(join(folder, "adapter.safetensors"));
    const inputs = contents(folder);
    const whole = await spawned(merging(folder));
    expect(whole.stderr).toBe("");
    const expected = contents(join(folder, "out"));
    expect(Object.keys(expected)).toHaveLength(7); // four shards, index, config, tokenizer
    rmSync(join(folder, "out"), { recursive: true });
    // From before anything is read to after the last shard.
    for (const delay of [40, 90, 120, 150, 180, 210, 240, 280, 330]) {
      const ended = await spawned(merging(folder), (child) => killAfter(child, delay));
      if (ended.code === 0) break;
      expect(existsSync(join(folder, "out"))).toBe(false);
    }
    if (!existsSync(join(folder, "out"))) expect((await spawned(merging(folder))).stderr).toBe("");
    expect(contents(join(folder, "out"))).toEqual(expected);
    expect(existsSync(join(folder, "out.partial"))).toBe(false);
    expect(contents(folder)).toMatchObject(inputs);
  });
});

/** Kills the process as soon as the first shard has its name. */
function killAfterFirstShard(child: ChildProcess, partial: string): void {
  const watch = setInterval(() => {
    if (!existsSync(partial)) return;
    if (!readdirSync(partial).some((name) => name.endsWith("1-of-00004.safetensors"))) return;
    clearInterval(watch);
    child.kill("SIGKILL");
  }, 1);
  child.on("close", () => clearInterval(watch));
}

test("finished shards are taken over, and not where another merge left them", async () => {
  await inFolder(async (folder) => {
    await writeModel(join(folder, "base"));
    await writeAdapter(join(folder, "adapter.safetensors"));
    await spawned(merging(folder));
    const expected = contents(join(folder, "out"));
    rmSync(join(folder, "out"), { recursive: true });
    const interrupt = (): ReturnType<typeof spawned> =>
      spawned(merging(folder), (child) => killAfterFirstShard(child, join(folder, "out.partial")));
    if ((await interrupt()).code !== 0) {
      const { output } = JSON.parse((await spawned(merging(folder))).stdout);
      expect(output.resumed).toContain("model-00001-of-00004.safetensors");
    }
    expect(contents(join(folder, "out"))).toEqual(expected);
    rmSync(join(folder, "out"), { recursive: true });
    if ((await interrupt()).code === 0) return;
    const { output } = JSON.parse((await spawned([...merging(folder), "--safe"])).stdout);
    expect(output.resumed).toEqual([]);
  });
});

import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesSource, memorySink, openSource, writeSharded } from "@lora/io";
import { tensorFile, tensorOfBytes, type TensorFile } from "@lora/tensor";
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
  const tensors = Array.from({ length: LAYERS }, (_, i) => [`layers.${i}.q.weight`, made(WIDTH, WIDTH, i)] as const);
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
  for (const [name, sink] of sinks) writeFileSync(join(folder, name), sink.bytes());
  writeFileSync(join(folder, "config.json"), "{}");
  writeFileSync(join(folder, "tokenizer.json"), '{"words":1}');
}

async function writeAdapter(path: string): Promise<void> {
  const tensors = Array.from({ length: LAYERS }, (_, i) => [
    [`layers.${i}.q.lora_down.weight`, made(RANK, WIDTH, i)] as const,
    [`layers.${i}.q.lora_up.weight`, made(WIDTH, RANK, i + 50)] as const,
  ]).flat();
  const sink = memorySink();
  await writeSharded(tensorFile({ name: "adapter", tensors }), () => sink, { maxShardBytes: Infinity, stem: "a" });
  writeFileSync(path, sink.bytes());
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

function hashes(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => `${name} ${createHash("sha256").update(readFileSync(join(folder, name))).digest("hex")}`);
}

async function opened(path: string): Promise<TensorFile> {
  return openSource(bytesSource(new Uint8Array(readFileSync(path)), path));
}

test("a merge that is killed at any moment leaves its inputs and no output, and the next run completes it", async () => {
  await inFolder(async (folder) => {
    await writeModel(join(folder, "base"));
    await writeAdapter(join(folder, "adapter.safetensors"));
    const inputs = contents(folder);
    const whole = await spawned(merging(folder));
    expect(whole.stderr).toBe("");
    const expected = hashes(join(folder, "out"));
    expect(expected).toHaveLength(7); // four shards, index, config, tokenizer
    const { rmSync } = await import("node:fs");
    rmSync(join(folder, "out"), { recursive: true });
    // From before anything is read to after the last shard.
    for (const delay of [40, 90, 120, 150, 180, 210, 240, 280, 330]) {
      const ended = await spawned(merging(folder), (child) => killAfter(child, delay));
      if (ended.code === 0) break;
      expect(existsSync(join(folder, "out"))).toBe(false);
    }
    if (!existsSync(join(folder, "out"))) expect((await spawned(merging(folder))).stderr).toBe("");
    expect(hashes(join(folder, "out"))).toEqual(expected);
    expect(existsSync(join(folder, "out.partial"))).toBe(false);
    expect(contents(folder)).toMatchObject(inputs);
  });
});

test("finished shards are taken over, and not when another adapter is to be merged", async () => {
  await inFolder(async (folder) => {
    await writeModel(join(folder, "base"));
    await writeAdapter(join(folder, "adapter.safetensors"));
    await spawned(merging(folder));
    const expected = hashes(join(folder, "out"));
    const { renameSync } = await import("node:fs");
    // As an interrupted run leaves it: one shard, the start of another, and what they follow from.
    const recipe = JSON.parse((await spawned([...merging(folder).slice(0, -1), "--json"] as never)).stdout || "{}");
    expect(recipe).toMatchObject({ error: { code: "USAGE" } });
    renameSync(join(folder, "out"), join(folder, "done"));
    const interrupted = await spawned(merging(folder), (child) => {
      const watch = setInterval(() => {
        const partial = join(folder, "out.partial");
        if (!existsSync(partial)) return;
        if (!readdirSync(partial).some((name) => name.endsWith("1-of-00004.safetensors"))) return;
        clearInterval(watch);
        child.kill("SIGKILL");
      }, 1);
      child.on("close", () => clearInterval(watch));
    });
    if (interrupted.code !== 0) {
      const ended = await spawned(merging(folder));
      expect(JSON.parse(ended.stdout).output.resumed).toContain("model-00001-of-00004.safetensors");
    }
    expect(hashes(join(folder, "out"))).toEqual(expected);
    expect((await opened(join(folder, "out", "model-00001-of-00004.safetensors"))).tensors.size).toBe(2);
  });
});

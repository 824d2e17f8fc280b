import type { TensorFile } from "@lora/tensor";
import { tensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { openSafetensors } from "../safetensors/open.ts";
import type { MemorySink } from "../sinks/memory-sink.ts";
import { memorySink } from "../sinks/memory-sink.ts";
import { bytesSource } from "../sources/bytes-source.ts";
import { openSharded } from "./open-sharded.ts";
import { writeSharded } from "./write-sharded.ts";

const vector = (length: number) =>
  tensorOfValues(
    Float64Array.from({ length }, (_, i) => i),
    "f32",
    [length],
  );
const model = tensorFile({
  name: "model",
  tensors: [
    ["a", vector(4)],
    ["b", vector(3)],
    ["huge", vector(100)],
    ["c", vector(2)],
  ],
  metadata: [["format", "pt"]],
});

async function shardsOf(maxShardBytes: number): Promise<Map<string, Uint8Array>> {
  const sinks = new Map<string, MemorySink>();
  const makeSink = (name: string): MemorySink => {
    const sink = memorySink();
    sinks.set(name, sink);
    return sink;
  };
  const written = await writeSharded(model, makeSink, { maxShardBytes, stem: "model" });
  expect(written.map(({ name }) => name)).toEqual([...sinks.keys()]);
  expect(written.map(({ bytes }) => bytes)).toEqual(Array.from(sinks.values(), ({ bytes }) => bytes?.length));
  return new Map(Array.from(sinks, ([name, { bytes }]) => [name, bytes ?? new Uint8Array()]));
}

const opener =
  (shards: ReadonlyMap<string, Uint8Array>) =>
  (name: string): Promise<TensorFile> =>
    openSafetensors(bytesSource(shards.get(name) ?? new Uint8Array(), name));

test("hand-worked: 28 bytes a shard hold a and b, huge alone, and c; read again they are the model", async () => {
  const shards = await shardsOf(28);
  expect([...shards.keys()]).toEqual([
    "model-00001-of-00003.safetensors",
    "model-00002-of-00003.safetensors",
    "model-00003-of-00003.safetensors",
    "model.safetensors.index.json",
  ]);
  const index = new TextDecoder().decode(shards.get("model.safetensors.index.json"));
  expect(JSON.parse(index)).toEqual({
    metadata: { total_size: 436 },
    weight_map: {
      a: "model-00001-of-00003.safetensors",
      b: "model-00001-of-00003.safetensors",
      huge: "model-00002-of-00003.safetensors",
      c: "model-00003-of-00003.safetensors",
    },
  });
  const again = await openSharded(index, opener(shards), "again");
  expect([again.name, [...again.tensors.keys()]]).toEqual(["again", ["a", "b", "huge", "c"]]);
  expect([...again.metadata]).toEqual([["format", "pt"]]);
  for (const [name, tensor] of model.tensors) {
    expect(await again.tensors.get(name)?.bytes()).toEqual(await tensor.bytes());
  }
});

test("what fits one file is written as one, without an index", async () => {
  expect([...(await shardsOf(436)).keys()]).toEqual(["model.safetensors"]);
});

test("progress counts the bytes of all values", async () => {
  const done: number[] = [];
  await writeSharded(
    model,
    () => memorySink(),
    { maxShardBytes: 28, stem: "m" },
    {
      onProgress: (progress) => done.push(progress.done, progress.total),
    },
  );
  expect(done.filter((_, i) => i % 2 === 1).every((total) => total === 436)).toBe(true);
  expect(done.filter((_, i) => i % 2 === 0)).toEqual([0, 16, 28, 28, 428, 428, 436]);
});

test("when a shard fails, none is committed", async () => {
  const sinks: MemorySink[] = [];
  const makeSink = (): MemorySink => {
    if (sinks.length === 2) throw new Error("no third file");
    const sink = memorySink();
    sinks.push(sink);
    return sink;
  };
  await expect(writeSharded(model, makeSink, { maxShardBytes: 28, stem: "m" })).rejects.toThrow(
    "no third file",
  );
  expect(sinks.map(({ bytes }) => bytes)).toEqual([undefined, undefined]);
});

describe("what is refused", () => {
  const one = { weight_map: { a: "x.safetensors" } };
  const holding =
    (...names: string[]) =>
    async () =>
      tensorFile({ name: "x", tensors: names.map((name) => [name, vector(1)] as const) });

  test.each([
    ["an index without a weight_map", {}, holding("a"), "the index has no weight_map"],
    [
      "a shard in another folder",
      { weight_map: { a: "../x" } },
      holding("a"),
      'the index names "../x" as a shard: it takes a file name',
    ],
    [
      "a shard that is a number",
      { weight_map: { a: 1 } },
      holding("a"),
      "the index names 1 as a shard: it takes a file name",
    ],
    [
      "a shard without its tensor",
      one,
      holding(),
      "the index places a tensor in x.safetensors, which does not hold it",
    ],
    [
      "a tensor that the index does not list",
      one,
      holding("a", "b"),
      "x.safetensors holds a tensor, and the index does not list it",
    ],
    [
      "a tensor that belongs elsewhere",
      { weight_map: { a: "x.safetensors", b: "y.safetensors" } },
      holding("a", "b"),
      "x.safetensors holds a tensor, and the index places it in y.safetensors",
    ],
  ])("%s", async (_, index, open, message) => {
    const opening = openSharded(JSON.stringify(index), open, "m.index.json");
    await expect(opening).rejects.toMatchObject({ code: "FORMAT", message, facts: { file: "m.index.json" } });
  });

  test("shards of no bytes", async () => {
    const writing = writeSharded(model, () => memorySink(), { maxShardBytes: 0, stem: "m" });
    await expect(writing).rejects.toMatchObject({
      code: "USAGE",
      message: "a shard of 0 bytes holds nothing",
    });
  });
});

import type { JobContext, TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { writeSafetensors } from "../safetensors/write.ts";
import { allOrNothing } from "../sinks/all-or-nothing.ts";
import type { ByteSink } from "../sinks/byte-sink.ts";
import { shardIndexText } from "./shard-index.ts";
import type { ShardTensors } from "./split.ts";
import { splitIntoShards } from "./split.ts";

/** How to cut a model into files. */
export interface ShardOptions {
  /** Most bytes of values in one file; a larger tensor gets a file of its own. */
  readonly maxShardBytes: number;
  /** What the names of the files begin with, e.g. `model`. */
  readonly stem: string;
}

/** A file that was written. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Writes a model to several safetensors files and their index, named as Hugging Face names them:
 * `model-00001-of-00003.safetensors` …, `model.safetensors.index.json`. One that fits a single file becomes
 * `model.safetensors` without an index. All files are committed when the last is whole, or none.
 *
 * @returns the files, the index last
 * @throws LoraError USAGE when `maxShardBytes` is not a positive number; and as `writeSafetensors` does
 */
export async function writeSharded(
  file: TensorFile,
  makeSink: (fileName: string) => Promise<ByteSink> | ByteSink,
  options: ShardOptions,
  context: JobContext = {},
): Promise<WrittenFile[]> {
  const { maxShardBytes, stem } = options;
  if (!(maxShardBytes > 0)) throw new LoraError("USAGE", `a shard of ${maxShardBytes} bytes holds nothing`);
  const shards = splitIntoShards(file, maxShardBytes);
  const names = shards.map((_, index) => shardName(stem, index, shards.length));
  return allOrNothing(async (keep) => {
    const written: WrittenFile[] = [];
    for (const [index, tensors] of shards.entries()) {
      const name = names[index] ?? stem;
      const sink = keep(await makeSink(name));
      const bytes = await writeSafetensors({ ...file, tensors }, sink, partOf(context, shards, index));
      written.push({ name, bytes });
    }
    if (shards.length === 1) return written;
    const name = `${stem}.safetensors.index.json`;
    const text = new TextEncoder().encode(indexText(shards, names));
    await keep(await makeSink(name)).write(0, text);
    return [...written, { name, bytes: text.length }];
  });
}

function shardName(stem: string, index: number, count: number): string {
  if (count === 1) return `${stem}.safetensors`;
  const digits = (value: number): string => String(value).padStart(5, "0");
  return `${stem}-${digits(index + 1)}-of-${digits(count)}.safetensors`;
}

function indexText(shards: readonly ShardTensors[], names: readonly string[]): string {
  const places = shards.flatMap((shard, index) =>
    Array.from(shard.keys(), (name) => [name, names[index] ?? ""] as const),
  );
  return shardIndexText(
    new Map(places),
    shards.reduce((sum, shard) => sum + valueBytes(shard), 0),
  );
}

function valueBytes(shard: ShardTensors): number {
  let bytes = 0;
  for (const tensor of shard.values()) bytes += tensor.byteLength;
  return bytes;
}

/** Progress of one shard as progress of the whole. Headers, some KB each, are left out of the total. */
function partOf(context: JobContext, shards: readonly ShardTensors[], index: number): JobContext {
  const { onProgress } = context;
  if (onProgress === undefined) return context;
  const sizes = shards.map(valueBytes);
  const before = sizes.slice(0, index).reduce((sum, bytes) => sum + bytes, 0);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const own = sizes[index] ?? 0;
  return {
    ...context,
    onProgress: (progress) => {
      const header = progress.total - own;
      onProgress({ ...progress, done: before + Math.max(0, progress.done - header), total });
    },
  };
}

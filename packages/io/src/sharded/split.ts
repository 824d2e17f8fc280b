import type { LazyTensor, TensorFile } from "@lora/tensor";

/** Tensors that go to one file. */
export type ShardTensors = ReadonlyMap<string, LazyTensor>;

/**
 * Cuts a checkpoint into parts of at most `maxShardBytes` bytes of values, in its order: a tensor goes to
 * the present part if it fits, else begins the next. One that is larger than that gets a part of its own.
 */
export function splitIntoShards(file: TensorFile, maxShardBytes: number): ShardTensors[] {
  let current = new Map<string, LazyTensor>();
  let bytes = 0;
  const shards = [current];
  for (const [name, tensor] of file.tensors) {
    if (current.size > 0 && bytes + tensor.byteLength > maxShardBytes) {
      current = new Map();
      bytes = 0;
      shards.push(current);
    }
    current.set(name, tensor);
    bytes += tensor.byteLength;
  }
  return shards;
}

import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { OpenedCheckpoint } from "@lora/io/node";
import type { TensorFile } from "@lora/tensor";

/** An input, which may be on a server. */
type Input = TensorFile & Pick<OpenedCheckpoint, "remote">;

/** By what it shows that an input has changed without reading its values: sizes and times of its files, or what servers say. */
export async function inputState({ name, shards, remote }: Input): Promise<object> {
  if (remote !== undefined) return { state: remote.state };
  const others = [...new Set(shards?.values())].map((shard) => join(dirname(name), shard));
  const files = await Promise.all(
    [name, ...others].map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return { name: basename(path), size, mtimeMs };
    }),
  );
  return { files };
}

import { stat } from "node:fs/promises";
import type { TensorFile } from "@lora/tensor";
import { buildHeader } from "../safetensors/build-header.ts";
import { withHashPlaceholders } from "../safetensors/hashes.ts";
import { fileSource } from "./file-source.ts";

/** Whether a file with this header and of this size is there already. */
export async function finishedShard(path: string, shard: TensorFile, size: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.size !== size) return false;
  const { bytes } = buildHeader(shard.tensors, withHashPlaceholders(shard.metadata));
  const source = await fileSource(path);
  try {
    const head = await source.read(0, bytes.length);
    return bytes.every((byte, index) => byte === head[index]);
  } finally {
    await source.close();
  }
}

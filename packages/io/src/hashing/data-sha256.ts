import { sha256 } from "@noble/hashes/sha2.js";
import type { JobContext, TensorFile } from "@lora/tensor";
import { blocksOf, pullBlock } from "../safetensors/blocks.ts";
import { hex } from "./hex.ts";

/** Bytes that are hashed at once. */
const BLOCK_BYTES = 2 ** 22;

/**
 * SHA-256 of the stored values of all tensors, one behind the other in the order of the file. Of a safetensors file these are
 * all bytes behind the header: what kohya's tools note as `sshs_model_hash` and Civitai begins as AutoV3, whatever the metadata
 * is. One read of all values, 4 MB at a time where a tensor has rows.
 *
 * @returns 64 hexadecimal digits
 * @throws LoraError SHAPE when a tensor gives other bytes than it promised; ABORTED; and what reading throws
 */
export async function dataSha256(
  { tensors }: Pick<TensorFile, "tensors">,
  { signal, sha256: begin = sha256.create }: JobContext = {},
): Promise<string> {
  const hash = begin();
  for (const block of blocksOf(tensors, () => BLOCK_BYTES)) hash.update(await pullBlock(block, signal));
  return hex(hash.digest());
}

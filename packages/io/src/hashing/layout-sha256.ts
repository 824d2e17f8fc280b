import { sha256 } from "@noble/hashes/sha2.js";
import type { TensorFile } from "@lora/tensor";
import { buildHeader } from "../safetensors/build-header.ts";
import { hex } from "./hex.ts";

/**
 * SHA-256 of what a file says of itself before its values: the safetensors header of its names, types, shapes, order and
 * metadata, as this package writes it. Tells models of other layouts or notes apart without reading gigabytes; two models that
 * differ in nothing but values have the same.
 *
 * @returns 64 hexadecimal digits
 */
export function layoutSha256({ tensors, metadata }: Pick<TensorFile, "tensors" | "metadata">): string {
  return hex(sha256(buildHeader(tensors, metadata).bytes));
}

import type { TensorFile } from "@lora/tensor";
import { LoraError, locate } from "@lora/tensor";
import type { ByteSource } from "../sources/byte-source.ts";
import { firstMember } from "../zip/first-member.ts";
import { looksLikePickle } from "./looks-like.ts";
import { openTorchLegacy } from "./open-torch-legacy.ts";
import { openTorchZip } from "./open-torch-zip.ts";

/** A local header of a zip, and the longest name worth telling. */
const HEAD_BYTES = 64;

/**
 * Opens a checkpoint of PyTorch, in a zip or in the format before it. Nothing that it names is imported or run.
 *
 * @throws LoraError UNSUPPORTED when it asks for anything else than tensors and plain data; FORMAT when it is
 *   broken; and what reading throws
 */
export function openTorch(source: ByteSource, signal?: AbortSignal): Promise<TensorFile> {
  return locate({ file: source.name }, async () => {
    const head = await source.read(0, Math.min(HEAD_BYTES, source.size), signal);
    if (firstMember(head) !== undefined) return openTorchZip(source, signal);
    if (looksLikePickle(head)) return openTorchLegacy(source, signal);
    throw new LoraError("FORMAT", "the file is neither a zip archive nor a pickle, as PyTorch writes them", {
      advice: "check that it is a checkpoint of PyTorch and was downloaded whole",
    });
  });
}

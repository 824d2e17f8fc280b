import { sha256 as portableSha256 } from "@noble/hashes/sha2.js";
import type { JobContext, Sha256 } from "@lora/tensor";
import { checkAborted } from "@lora/tensor";
import { readHeaderText } from "../safetensors/header-text.ts";
import { sshsHashes } from "../safetensors/hashes.ts";
import { openSafetensors } from "../safetensors/open.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { hex } from "./hex.ts";

/** The names by which sites and web UIs know a safetensors file: hexadecimal digits. */
export interface FileHashes {
  /** SHA-256 of the whole file. */
  readonly sha256: string;
  /** The first 8 digits of the SHA-256 of bytes 0x100000 to 0x110000: what A1111's web UI showed first. */
  readonly autoV1: string;
  /** The first 10 of `sha256`. */
  readonly autoV2: string;
  /** The first 12 of `modelHash`. */
  readonly autoV3: string;
  /** As kohya's `sshs_model_hash`: SHA-256 of all bytes behind the header. */
  readonly modelHash: string;
  /** As kohya's `sshs_legacy_hash`. */
  readonly legacyHash: string;
}

const BLOCK_BYTES = 2 ** 22;
const WINDOW_FROM = 0x100000;
const WINDOW_TO = 0x110000;

/**
 * All hashes of a safetensors file in one read of it, 4 MB at a time.
 *
 * @throws LoraError FORMAT when it is no safetensors file; ABORTED; and what reading throws
 * @see AUTOMATIC1111/stable-diffusion-webui modules/hashes.py and extensions-builtin/Lora/network.py; kohya-ss/sd-scripts
 * library/train_util.py, precalculate_safetensors_hashes
 */
export async function fileHashes(source: ByteSource, context: JobContext = {}): Promise<FileHashes> {
  const { signal, onProgress, sha256: begin = portableSha256.create } = context;
  const { tensors, metadata } = await openSafetensors(source, signal);
  const { dataStart } = await readHeaderText(source, signal);
  const [whole, window] = [begin(), begin()];
  const asked = new Map([...metadata, ["sshs_model_hash", ""], ["sshs_legacy_hash", ""]]);
  const sshs = sshsHashes(tensors, asked, begin)!;
  for (let at = 0; at < source.size; at += BLOCK_BYTES) {
    checkAborted(signal);
    const bytes = await source.read(at, Math.min(source.size, at + BLOCK_BYTES), signal);
    whole.update(bytes);
    window.update(bytes.subarray(Math.max(0, WINDOW_FROM - at), Math.max(0, WINDOW_TO - at)));
    sshs.update(bytes.subarray(Math.max(0, dataStart - at)));
    onProgress?.({ phase: "hashing", done: at + bytes.length, total: source.size, unit: "bytes" });
  }
  return named(whole, window, sshs.metadata());
}

function named(whole: Sha256, window: Sha256, sshs: ReadonlyMap<string, string>): FileHashes {
  const sha256 = hex(whole.digest());
  const modelHash = sshs.get("sshs_model_hash")!;
  return {
    sha256,
    autoV1: hex(window.digest()).slice(0, 8),
    autoV2: sha256.slice(0, 10),
    autoV3: modelHash.slice(0, 12),
    modelHash,
    legacyHash: sshs.get("sshs_legacy_hash")!,
  };
}

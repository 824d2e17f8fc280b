import { sha256 as portableSha256 } from "@noble/hashes/sha2.js";
import type { Sha256 } from "@lora/tensor";
import { hex } from "../hashing/hex.ts";
import type { StoredSpec } from "./build-header.ts";
import { buildHeader } from "./build-header.ts";

const MODEL_HASH = "sshs_model_hash";
const LEGACY_HASH = "sshs_legacy_hash";
/** The hash of modelspec: of the same bytes as the first. */
const SPEC_HASH = "modelspec.hash_sha256";
const SPEC_PREFIX = "0x";
/** The part of a file that the legacy hash covers. */
const LEGACY_FROM = 0x100000;
const LEGACY_TO = 0x110000;

/** Follows the data of a file as it is written, and says the metadata with the hashes of it. */
export interface SshsHashes {
  update(bytes: Uint8Array): void;
  /** Ends the hashing; once. */
  metadata(): ReadonlyMap<string, string>;
}

/** Metadata as it will be long: hashes that are to be calculated become zeros of their final length. */
export function withHashPlaceholders(metadata: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const replaced = new Map(metadata);
  if (metadata.has(MODEL_HASH)) replaced.set(MODEL_HASH, "0".repeat(64));
  if (metadata.has(LEGACY_HASH)) replaced.set(LEGACY_HASH, "0".repeat(8));
  if (metadata.has(SPEC_HASH)) replaced.set(SPEC_HASH, SPEC_PREFIX + "0".repeat(64));
  return replaced;
}

/**
 * The hashes by which web UIs know a LoRA, recalculated where the metadata holds them: the SHA-256 of all data behind the
 * header (`sshs_model_hash`, and with 0x before it `modelspec.hash_sha256`), and the first 8 digits of that of bytes 0x100000
 * to 0x110000 of the file as it would be with no metadata but `ss_*`. Undefined where it holds none.
 *
 * @param begin what hashes; JavaScript when left out
 * @see kohya-ss/sd-scripts `library/train_util.py`, precalculate_safetensors_hashes; Stability-AI/ModelSpec
 */
export function sshsHashes(
  specs: Iterable<readonly [name: string, spec: StoredSpec]>,
  metadata: ReadonlyMap<string, string>,
  begin: () => Sha256 = portableSha256.create,
): SshsHashes | undefined {
  if (![MODEL_HASH, LEGACY_HASH, SPEC_HASH].some((key) => metadata.has(key))) return undefined;
  const model = begin();
  const legacy = begin();
  const training = new Map([...metadata].filter(([key]) => key.startsWith("ss_")));
  let position = 0;
  const updateLegacy = (bytes: Uint8Array): void => {
    legacy.update(bytes.subarray(Math.max(0, LEGACY_FROM - position), Math.max(0, LEGACY_TO - position)));
    position += bytes.length;
  };
  updateLegacy(buildHeader(specs, training).bytes);
  return {
    update(bytes) {
      model.update(bytes);
      updateLegacy(bytes);
    },
    metadata() {
      const hashed = new Map(metadata);
      const data = hex(model.digest());
      if (metadata.has(MODEL_HASH)) hashed.set(MODEL_HASH, data);
      if (metadata.has(SPEC_HASH)) hashed.set(SPEC_HASH, SPEC_PREFIX + data);
      if (metadata.has(LEGACY_HASH)) hashed.set(LEGACY_HASH, hex(legacy.digest()).slice(0, 8));
      return hashed;
    },
  };
}

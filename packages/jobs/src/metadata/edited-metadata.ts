import { editDistance, LoraError } from "@lora/tensor";
import { members } from "./parsed.ts";
import { STRIP_GROUPS } from "./strip-groups.ts";
import { THUMBNAIL, thumbnailUrl } from "./thumbnail.ts";

/** What is done to metadata, in this order. */
export interface MetadataEdits {
  /** Groups to remove: `all`, `training`, `datasets`, `thumbnail`, `hashes`, `modelspec`, `provenance`. */
  readonly strip?: readonly string[] | undefined;
  readonly unset?: readonly string[] | undefined;
  /** An object of new values: texts as they are, anything else as JSON, null removes. */
  readonly from?: unknown;
  readonly set?: Readonly<Record<string, string>> | undefined;
  /** A PNG, JPEG, WebP or GIF. */
  readonly thumbnail?: Uint8Array | undefined;
  /** Add `sshs_model_hash` and `sshs_legacy_hash`; those that are there are recalculated anyway. */
  readonly hash?: boolean | undefined;
}

/**
 * Metadata as edited; keys keep their order, new ones come last.
 *
 * @throws LoraError USAGE for a group that is none or a `from` that is no object; MISSING when a key to remove is not there;
 *   FORMAT for a thumbnail that is no image
 */
export function editedMetadata(
  metadata: ReadonlyMap<string, string>,
  edits: MetadataEdits,
): ReadonlyMap<string, string> {
  const edited = new Map(metadata);
  for (const group of edits.strip ?? []) {
    for (const key of metadata.keys()) if (stripGroup(group)(key)) edited.delete(key);
  }
  for (const key of edits.unset ?? []) {
    if (!metadata.has(key)) throw noSuchKey(key, metadata);
    edited.delete(key);
  }
  for (const [key, value] of given(edits.from)) {
    if (value === null) edited.delete(key);
    else edited.set(key, typeof value === "string" ? value : JSON.stringify(value));
  }
  for (const [key, value] of Object.entries(edits.set ?? {})) edited.set(key, value);
  if (edits.thumbnail !== undefined) edited.set(THUMBNAIL, thumbnailUrl(edits.thumbnail));
  if (edits.hash === true) edited.set("sshs_model_hash", "").set("sshs_legacy_hash", "");
  return edited;
}

function stripGroup(name: string): (key: string) => boolean {
  const group = Object.hasOwn(STRIP_GROUPS, name) ? STRIP_GROUPS[name] : undefined;
  if (group !== undefined) return group;
  throw new LoraError("USAGE", `"${name}" is no group of metadata`, {
    advice: `strip one of ${Object.keys(STRIP_GROUPS).join(", ")}`,
  });
}

function given(from: unknown): [string, unknown][] {
  if (from === undefined) return [];
  if (typeof from === "object" && from !== null && !Array.isArray(from)) return members(from);
  throw new LoraError("USAGE", "new metadata comes as a JSON object of keys and values", {
    advice: 'e.g. {"modelspec.title": "My style"}',
  });
}

function noSuchKey(key: string, metadata: ReadonlyMap<string, string>): LoraError {
  const [nearest] = [...metadata.keys()].sort((a, b) => editDistance(a, key) - editDistance(b, key));
  return new LoraError("MISSING", `the metadata has no key ${key}`, {
    keys: metadata.size,
    advice: nearest === undefined ? "the file has no metadata" : `did you mean ${nearest}?`,
  });
}

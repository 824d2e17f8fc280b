import type { Command } from "commander";
import { keyValue } from "../flags/key-value.ts";
import { nameList } from "../flags/name-list.ts";

/** What `lora metadata` takes besides its file. */
export interface MetadataFlags {
  readonly set?: Readonly<Record<string, string>>;
  readonly unset?: readonly string[];
  readonly strip?: readonly string[];
  readonly fromJson?: string;
  readonly thumbnail?: string;
  readonly extractThumbnail?: string;
  readonly hash?: boolean;
  readonly hashes?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** Puts the flags of `lora metadata` on its command. */
export function addMetadataFlags(command: Command): Command {
  const collect = (key: string, keys: readonly string[] = []): string[] => [...keys, key];
  return command
    .optionsGroup("Edits, in this order:")
    .option("--strip <groups>", "all, training, datasets, thumbnail, hashes, modelspec, provenance", nameList)
    .option("--unset <key>", "remove a key; may be repeated", collect)
    .option("--from-json <file>", "keys and values of a JSON object; null removes")
    .option("--set <key=value>", "set a key; may be repeated", keyValue)
    .option("--thumbnail <image>", "a PNG, JPEG, WebP or GIF as modelspec.thumbnail")
    .option("--hash", "add sshs_model_hash and sshs_legacy_hash; those there are recalculated anyway")
    .optionsGroup("Options:")
    .option("--hashes", "calculate what web UIs and sites know the file by")
    .option("--extract-thumbnail <image>", "write the picture of the file")
    .option("-o, --out <path>", "where the edited file goes: a .safetensors file, or a folder")
    .option("--force", "overwrite what is there");
}

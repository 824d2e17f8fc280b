import type { NamedCheckpoint } from "../app/app.ts";
import type { DroppedFile } from "./dropped-file.ts";

const CHECKPOINT = /\.(safetensors|gguf|bin|pt|pth|ckpt|npz|npy)$/iu;
const INDEX = /\.index\.json$/iu;
const SHARD = /-\d{5}-of-\d{5}\./u;
const SIDECAR = /^(adapter_config|config)\.json$/u;

/**
 * Which of the files are checkpoints, and which belong to one: shards to their index, configs to what lies in the same
 * folder. A file that was dropped by itself is taken whatever its name; in a folder only what looks like a checkpoint.
 */
export function groupCheckpoints(dropped: readonly DroppedFile[]): NamedCheckpoint[] {
  return [...groupByFolder(dropped)].flatMap(([folder, members]) =>
    inFolder(
      folder,
      members.map(({ file }) => file),
    ),
  );
}

function inFolder(folder: string, files: readonly File[]): NamedCheckpoint[] {
  const sharded = files.some(({ name }) => INDEX.test(name));
  const isMain = ({ name }: File): boolean => {
    if (INDEX.test(name)) return true;
    if (SIDECAR.test(name) || (sharded && SHARD.test(name))) return false;
    return folder === "" || CHECKPOINT.test(name);
  };
  const mains = files.filter(isMain);
  const beside = files.filter(({ name }) => SIDECAR.test(name) || (sharded && SHARD.test(name)));
  return mains.map((main) => ({
    name: nameOf(main, folder, mains.length),
    checkpoint: { kind: "files", main, beside },
  }));
}

/** `adapter_model.safetensors` says nothing: the only checkpoint of a folder is called like the folder. */
function nameOf({ name }: File, folder: string, mains: number): string {
  const last = folder.split("/").at(-1)!;
  return mains === 1 && last !== "" ? last : name;
}

function groupByFolder(dropped: readonly DroppedFile[]): Map<string, DroppedFile[]> {
  const folders = new Map<string, DroppedFile[]>();
  for (const one of dropped) folders.set(one.folder, [...(folders.get(one.folder) ?? []), one]);
  return folders;
}

import { blobSource, openSharded, openSource } from "@lora/io";
import { LoraError, type TensorFile } from "@lora/tensor";
import type { Address } from "../open/read-address.ts";
import { openAddress } from "./remote/open-address.ts";

/** Where a checkpoint is: files of the user's disk, one of which is named; or an address. */
export type Checkpoint =
  | {
      readonly kind: "files";
      /** The checkpoint, or the `*.index.json` of its shards. */
      readonly main: File;
      /** Shards and sidecars beside it. */
      readonly beside: readonly File[];
    }
  | { readonly kind: "address"; readonly address: Address };

const SIDECARS = ["adapter_config.json", "config.json"];
const MAX_SIDECAR_BYTES = 10 * 2 ** 20;
const MAX_INDEX_BYTES = 100 * 2 ** 20;

/**
 * Opens a checkpoint, reading its header only.
 *
 * @throws LoraError as `openSource` and `openAddress` do; MISSING when a shard was not dropped
 */
export async function openCheckpoint(
  checkpoint: Checkpoint,
  signal: AbortSignal | undefined,
): Promise<TensorFile> {
  if (checkpoint.kind === "address") return openAddress(checkpoint.address, signal);
  const { main, beside } = checkpoint;
  const openOne = (file: File): Promise<TensorFile> => openSource(blobSource(file, file.name), { signal });
  const opened = main.name.endsWith(".index.json")
    ? await openSharded(
        await smallText(main, MAX_INDEX_BYTES),
        (name) => openOne(shard(name, beside, main)),
        main.name,
      )
    : await openOne(main);
  return { ...opened, sidecars: await sidecarsOf(beside) };
}

function shard(name: string, beside: readonly File[], main: File): File {
  const found = beside.find((file) => file.name === name);
  if (found !== undefined) return found;
  throw new LoraError("MISSING", `the index names ${name}, which was not dropped with it`, {
    file: main.name,
    advice: "drop the whole folder",
  });
}

async function sidecarsOf(files: readonly File[]): Promise<Map<string, string>> {
  const sidecars = new Map<string, string>();
  for (const file of files.filter(({ name }) => SIDECARS.includes(name))) {
    sidecars.set(file.name, await smallText(file, MAX_SIDECAR_BYTES));
  }
  return sidecars;
}

async function smallText(file: File, most: number): Promise<string> {
  if (file.size <= most) return file.text();
  throw new LoraError("FORMAT", `a text file beside a checkpoint has ${file.size} bytes, more than ${most}`, {
    file: file.name,
  });
}

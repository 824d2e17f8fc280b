import { LoraError, type TensorFile } from "@lora/tensor";
import { openSource } from "../open-source.ts";
import { openSharded } from "../sharded/open-sharded.ts";
import { parseShardIndex } from "../sharded/shard-index.ts";
import { clientSource } from "../sources/http/http-source.ts";
import type { HttpClient } from "../sources/http/http-client.ts";
import { isSidecar, MAX_INDEX_BYTES, MAX_SIDECAR_BYTES, SIDECARS } from "../sidecar-names.ts";
import { fetchSmall, fetchText } from "./fetch-text.ts";
import type { OpenedUrl, OpenUrlOptions } from "./opened-url.ts";
import type { RemoteFolder } from "./remote-folder.ts";

/** A model on a server: the file that it begins with, and what is beside it. */
export interface RemoteModel {
  readonly client: HttpClient;
  readonly folder: RemoteFolder;
  /** A checkpoint, or the index of one. */
  readonly fileName: string;
}

/**
 * Opens a file of a server, or all that an index lists, with its sidecars.
 *
 * @throws LoraError as `openSource` and `openSharded` do
 */
export async function openRemoteModel(
  { client, folder, fileName }: RemoteModel,
  { signal, onProgress }: OpenUrlOptions,
): Promise<OpenedUrl> {
  const state: string[] = [];
  const openOne = async (name: string): Promise<TensorFile> => {
    const source = await clientSource(client, folder.place(name), signal);
    state.push(`${name} ${source.state}`);
    return openSource(source, { signal });
  };
  const model = { client, folder, fileName };
  const opened = fileName.endsWith(".index.json")
    ? await openShards(model, openOne, { signal, onProgress })
    : await openOne(fileName);
  const sidecars = await remoteSidecars(model, signal);
  return {
    ...opened,
    sidecars,
    traffic: client.traffic,
    state: state.sort(),
    companions: [...(folder.files ?? [])],
    async companion(name) {
      const file = { ...folder.place(name), maxBytes: MAX_INDEX_BYTES };
      const bytes = await fetchSmall(client, file, signal);
      if (bytes !== undefined) return bytes;
      throw new LoraError("MISSING", "the file beside the model is not there", { file: file.name });
    },
  };
}

/** So many shards are opened at once; the client lets fewer requests through. */
const LANES = 8;

async function openShards(
  { client, folder, fileName }: RemoteModel,
  openOne: (name: string) => Promise<TensorFile>,
  { signal, onProgress }: OpenUrlOptions,
): Promise<TensorFile> {
  const place = folder.place(fileName);
  const text = await fetchText(client, { ...place, maxBytes: MAX_INDEX_BYTES }, signal);
  if (text === undefined) {
    throw new LoraError("MISSING", "there is no index at this address, or not for everyone", {
      file: place.name,
      advice: "check the address, and whether it asks for a login",
    });
  }
  const names = [...new Set(parseShardIndex(text).values())];
  const shards = new Map<string, TensorFile>();
  const left = [...names].reverse();
  const lane = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      shards.set(
        name,
        await openOne(name).catch((error: unknown) => {
          left.length = 0;
          throw error;
        }),
      );
      onProgress?.({ phase: "opening", done: shards.size, total: names.length, unit: "files" });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return openSharded(text, async (name) => shards.get(name)!, place.name);
}

/**
 * The sidecars beside a model. Where a server does not list its files they are asked for; an answer that is no JSON
 * object is no sidecar: many servers have a page for everything.
 *
 * @throws LoraError IO when one is listed and is not to be had
 */
async function remoteSidecars(
  { client, folder }: RemoteModel,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const names = SIDECARS.filter((name) => folder.files?.has(name) ?? true);
  const texts = await Promise.all(
    names.map((name) => fetchText(client, { ...folder.place(name), maxBytes: MAX_SIDECAR_BYTES }, signal)),
  );
  const sidecars = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const text = texts[index];
    if (folder.files === undefined && (text === undefined || !isSidecar(text))) continue;
    if (text === undefined) {
      // Without it the model would be taken for something else.
      throw new LoraError("IO", `the server lists ${name} beside the model, and does not give it`, {
        file: folder.place(name).name,
        advice: "check whether the model asks for a login or an agreement",
      });
    }
    sidecars.set(name, text);
  }
  return sidecars;
}

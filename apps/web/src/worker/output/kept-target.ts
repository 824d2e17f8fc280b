import { memorySink } from "@lora/io";
import { handleSink } from "./handle-sink.ts";
import type { Target } from "./target.ts";

const FOLDER = "made";

/**
 * A file that the browser keeps until it is saved: on the disk, in the page's own file system, so that its size is no
 * matter; in memory where the browser gives no such place.
 */
export async function keptTarget(name: string): Promise<Target> {
  const own = crypto.randomUUID();
  const handle = await ownFile(own, name).catch(() => undefined);
  if (handle === undefined) return inMemory();
  const sink = await handleSink(handle);
  const abort = async (): Promise<void> => {
    await sink.abort();
    await (await madeFolder()).removeEntry(own, { recursive: true });
  };
  const file = (): Promise<Blob> => handle.getFile();
  return { sink: { ...sink, abort }, again: file, blob: file };
}

/** Each in a folder of its own, since two may have one name; older browsers cannot write to it. */
async function ownFile(own: string, name: string): Promise<FileSystemFileHandle | undefined> {
  const made = await madeFolder();
  // Held as long as this tab is open, so that another one does not clear it away.
  void navigator.locks.request(lockName(own), () => new Promise(() => undefined));
  const folder = await made.getDirectoryHandle(own, { create: true });
  const handle = await folder.getFileHandle(name, { create: true });
  return "createWritable" in handle ? handle : undefined;
}

async function madeFolder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}

function lockName(folder: string): string {
  return `${FOLDER}/${folder}`;
}

function inMemory(): Target {
  const sink = memorySink();
  const blob = async (): Promise<Blob> => new Blob([sink.bytes as Uint8Array<ArrayBuffer>]);
  return { sink, again: blob, blob };
}

/** Removes what earlier visits left; what another tab still holds is left alone. */
export async function clearKept(): Promise<void> {
  const made = await madeFolder();
  const { held = [] } = await navigator.locks.query();
  const locks = new Set(held.map(({ name }) => name));
  for await (const name of made.keys()) {
    if (!locks.has(lockName(name))) await made.removeEntry(name, { recursive: true });
  }
}

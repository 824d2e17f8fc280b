import { memorySink } from "@lora/io";
import { handleSink } from "./handle-sink.ts";
import type { Target } from "./target.ts";

const FOLDER = "made";

/**
 * A file that the browser keeps until it is saved: on the disk, in the page's own file system, so that its size is no
 * matter; in memory where the browser gives no such place.
 */
export async function keptTarget(name: string): Promise<Target> {
  const handle = await ownFile(name).catch(() => undefined);
  if (handle === undefined) return inMemory();
  return { sink: await handleSink(handle), blob: () => handle.getFile() };
}

/** Each in a folder of its own, since two may have one name; older browsers cannot write to it. */
async function ownFile(name: string): Promise<FileSystemFileHandle | undefined> {
  const root = await navigator.storage.getDirectory();
  const made = await root.getDirectoryHandle(FOLDER, { create: true });
  const folder = await made.getDirectoryHandle(crypto.randomUUID(), { create: true });
  const handle = await folder.getFileHandle(name, { create: true });
  return "createWritable" in handle ? handle : undefined;
}

function inMemory(): Target {
  const sink = memorySink();
  return { sink, blob: async () => new Blob([sink.bytes as Uint8Array<ArrayBuffer>]) };
}

/** Forgets what earlier visits left. */
export async function clearKept(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true }).catch(() => undefined);
}

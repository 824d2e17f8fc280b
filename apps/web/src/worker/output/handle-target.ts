import { handleSink } from "./handle-sink.ts";
import type { Target } from "./target.ts";

/** A file that the user chose. */
export async function handleTarget(handle: FileSystemFileHandle): Promise<Target> {
  return { sink: await handleSink(handle), again: () => handle.getFile(), blob: async () => undefined };
}

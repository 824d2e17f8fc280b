import { batchedSink, type ByteSink } from "@lora/io";
import { LoraError } from "@lora/tensor";

/**
 * A file behind a handle of the browser. What is there stays until `commit`: the browser writes beside it. Small writes are
 * gathered: each takes the browser as long as writing some hundred KB.
 *
 * @throws LoraError IO when the browser may not write there, or the disk is full
 */
export async function handleSink(handle: FileSystemFileHandle): Promise<ByteSink> {
  const stream = await failing(handle, () => handle.createWritable());
  let open = true;
  return batchedSink({
    write: (position, bytes) =>
      // A view of memory that may be used again: the browser takes a copy.
      failing(handle, () =>
        stream.write({ type: "write", position, data: bytes as Uint8Array<ArrayBuffer> }),
      ),
    async commit() {
      open = false;
      await failing(handle, () => stream.close());
    },
    async abort() {
      if (open) await stream.abort().catch(() => undefined);
      open = false;
    },
  });
}

async function failing<T>({ name }: FileSystemFileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new LoraError("IO", `the browser could not write: ${what}`, {
      file: name,
      advice: "make room on the disk, or save to another place",
      cause,
    });
  }
}

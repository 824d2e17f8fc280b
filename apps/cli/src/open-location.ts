import type { OpenedCheckpoint } from "@lora/io/node";
import type { Console } from "./console.ts";
import { bytesText, counted, durationText } from "./terminal/number-format.ts";
import { printable } from "./terminal/printable.ts";
import type { ProgressBar } from "./terminal/progress-bar.ts";

/** What a session closes at its end: a checkpoint, or something else. */
export type Opened = Pick<OpenedCheckpoint, "close"> & Partial<OpenedCheckpoint>;

/** Nobody is told of a shorter one: connections that rested too long are closed by servers all the time. */
const SHORT_WAIT_MS = 1000;

/**
 * Opens what is at a path, behind a URL, or called so on the hub; who watches is told of waits. What opens files is read
 * when a file is opened, so that help comes at once.
 *
 * @throws LoraError as `openCheckpoint` does
 */
export async function openLocation(
  location: string,
  { io, options }: Console,
  bar: ProgressBar | undefined,
): Promise<OpenedCheckpoint> {
  const { openCheckpoint } = await import("@lora/io/node");
  return openCheckpoint(location, {
    signal: io.signal,
    env: io.env,
    load: () => import("@huggingface/hub"), // what is installed beside this command
    onProgress: bar?.update,
    onWait({ milliseconds, reason }) {
      if (options.quiet || milliseconds < SHORT_WAIT_MS) return;
      bar?.clear();
      io.stderr.write(`${reason}: asking again in ${durationText(milliseconds / 1000)}\n`);
    },
  });
}

/** Of each file of a server: `read 1.2 MB of 6.6 GB in 14 requests: hf:owner/name/model.safetensors`. */
export function trafficLines(opened: readonly Opened[]): string[] {
  return opened.flatMap(({ name = "", byteLength = null, remote }) => {
    if (remote === undefined) return [];
    const { bytes, requests } = remote.traffic;
    const amount = `${bytesText(bytes)} of ${bytesText(byteLength)}`;
    return [`read ${amount} in ${counted(requests, "request")}: ${printable(name)}`];
  });
}

import { join } from "node:path";
import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { MAX_SIDECAR_BYTES, SIDECARS } from "../sidecar-names.ts";
import { fileSink } from "./file-sink.ts";
import { readText } from "./read-text.ts";
import type { ByteSink } from "../sinks/byte-sink.ts";

/**
 * The small text files that belong to a checkpoint, where its folder holds them.
 *
 * @throws LoraError FORMAT when one has more than 10 MB; IO when one cannot be read
 */
export async function readSidecars(folder: string): Promise<Map<string, string>> {
  const sidecars = new Map<string, string>();
  for (const name of SIDECARS) {
    const text = await readText(join(folder, name), MAX_SIDECAR_BYTES);
    if (text !== undefined) sidecars.set(name, text);
  }
  return sidecars;
}

/** A sidecar that has to be written. */
export interface PendingSidecar {
  readonly path: string;
  readonly text: string;
}

/**
 * The sidecars of a checkpoint that its output folder does not hold yet.
 *
 * @throws LoraError USAGE when it holds another one of that name and `force` is not given, or a name is no
 *   plain file name
 */
export async function pendingSidecars(
  file: TensorFile,
  folder: string,
  force = false,
): Promise<PendingSidecar[]> {
  const pending: PendingSidecar[] = [];
  for (const [name, text] of file.sidecars) {
    if (/[/\\]|^\.{0,2}$/u.test(name)) {
      throw new LoraError("USAGE", `"${name}" is not the name of a file beside a checkpoint`, {
        file: file.name,
      });
    }
    const path = join(folder, name);
    const present = await readText(path, MAX_SIDECAR_BYTES);
    if (present === text) continue;
    if (present !== undefined && !force) {
      throw new LoraError("USAGE", `another ${name} is in the output folder already`, {
        file: path,
        advice: "write to a folder of its own, or force it to be replaced",
      });
    }
    pending.push({ path, text });
  }
  return pending;
}

/** Writes a sidecar to a sink that `keep` registers. */
export async function writeSidecar(
  sidecar: PendingSidecar,
  keep: (sink: ByteSink) => ByteSink,
): Promise<void> {
  const sink = keep(await fileSink(sidecar.path, { force: true }));
  await sink.write(0, new TextEncoder().encode(sidecar.text));
}

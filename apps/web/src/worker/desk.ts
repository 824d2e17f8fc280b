import type { Findings, Previewer, RunContext } from "@lora/jobs";
import type { JobContext, TensorFile } from "@lora/tensor";
import type { DeviceInfo } from "./device-info.ts";

/** What the worker has before it: the files that are open, and what calculates. */
export interface Desk {
  /** By the id that the page gave them. */
  readonly files: Map<string, TensorFile>;
  /** In which dialect a file is read by choice, by its id. */
  readonly dialects: Map<string, string>;
  /** Spectra that an analysis found, by file. */
  readonly spectra: Map<string, Findings>;
  /** What tells beforehand what a resize would make, by file and base. */
  readonly previewers: Map<string, Promise<Previewer>>;
  /** Opens what calculates, at the first call. */
  device(): Promise<DeviceInfo>;
  /** Runs a job with the pool and the device; where the device is lost on the way, again without it. */
  run<T>(context: JobContext, read: ReadFiles, job: (context: RunContext) => Promise<T>): Promise<T>;
}

/** What a job reads, by which it is seen what is worth starting. */
export interface ReadFiles {
  readonly files: readonly TensorFile[];
  /** The base that is to be measured, if one is: a small one is not worth a GPU. */
  readonly base: TensorFile | undefined;
}

/**
 * An open file.
 *
 * @throws Error when the page names one that is not open, which is a fault of the page
 */
export function fileOf(desk: Desk, id: string): TensorFile {
  const file = desk.files.get(id);
  if (file === undefined) throw new Error(`no file ${id} is open`);
  return file;
}

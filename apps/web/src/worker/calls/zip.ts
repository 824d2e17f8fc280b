import { allOrNothing, writeZip, type ZipEntry } from "@lora/io";
import type { Call } from "../call.ts";
import { chunksOf } from "../chunks-of.ts";
import { keptTarget } from "../output/kept-target.ts";

/** Files that go home together. */
export interface ZipRequest {
  /** Of the archive, without its ending; the files lie in a folder of that name. */
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly blob: Blob }[];
}

/** Puts files into one archive, on the disk where the browser gives a place there. */
export const zip: Call<ZipRequest, Blob> = async ({ name, files }, _, { signal }) => {
  const target = await keptTarget(`${name}.zip`);
  const entries = files.map((file): ZipEntry => ({
    name: `${name}/${file.name}`,
    bytes: file.blob.size,
    chunks: chunksOf(file.blob),
  }));
  await allOrNothing((keep) => writeZip(keep(target.sink), entries, signal));
  return target.again();
};

import type { Progress, TensorFile } from "@lora/tensor";
import type { HttpOptions, Traffic } from "../sources/http/http-options.ts";

/** A checkpoint behind an address. */
export interface OpenedUrl extends TensorFile {
  /** Counts up as it is read. */
  readonly traffic: Traffic;
  /** What tells its present state from others: names of its files, sizes, entity tags or dates; a commit of the hub. */
  readonly state: readonly string[];
  /**
   * The bytes of a small file beside it, e.g. of its tokenizer, by plain name.
   *
   * @throws LoraError as reading does; MISSING where there is none
   */
  companion(fileName: string): Promise<Uint8Array>;
  /** Plain names of the files beside it; empty where the server does not tell. */
  readonly companions: readonly string[];
}

/** How to open an address. */
export interface OpenUrlOptions extends HttpOptions {
  /** Told as the files of a model in several are opened. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

import type { ByteSink } from "@lora/io";

/** Where an output is written, and how it is had afterwards. */
export interface Target {
  readonly sink: ByteSink;
  /** After `commit`: to be read back. */
  again(): Promise<Blob>;
  /** After `commit`: what was written; undefined where it is already where the user wants it. */
  blob(): Promise<Blob | undefined>;
}

import type { JobContext, TensorFile } from "@lora/tensor";
import type { ByteSink } from "../sinks/byte-sink.ts";
import type { ByteSource } from "../sources/byte-source.ts";

/** A checkpoint format. */
export interface Format {
  readonly id: string;
  /** With the dot, in lower case, e.g. `.safetensors`. */
  readonly extensions: readonly string[];
  /** Whether the first bytes of a file (4 KB, or all of a smaller one) look like this format. Never throws. */
  sniff(head: Uint8Array, name: string): boolean;
  /**
   * Reads what names and places the tensors, and checks it; the values stay where they are.
   *
   * @throws LoraError FORMAT when the bytes break the format
   */
  open(source: ByteSource, signal?: AbortSignal): Promise<TensorFile>;
  /**
   * Writes a checkpoint, pulling one tensor at a time, and returns how many bytes it took. The sink is
   * left to the caller to commit or abort. Absent where a format is only read.
   */
  write?(file: TensorFile, sink: ByteSink, context?: JobContext): Promise<number>;
}

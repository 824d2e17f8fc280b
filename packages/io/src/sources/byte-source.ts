/** Bytes that can be read in parts: a file, a Blob, a URL, memory. */
export interface ByteSource {
  /** What to call it in messages: a path, a URL, a file name. */
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /** The file behind it, where this process holds one open: position 0 of the source is its first byte. */
  readonly descriptor?: number | undefined;
  /**
   * The bytes from `from` to `to`, `to` exclusive: all of them, never fewer.
   *
   * @param into memory that may be used for them, from its start
   * @throws LoraError IO when they cannot be had; ABORTED when the signal is
   */
  read(from: number, to: number, signal?: AbortSignal, into?: Uint8Array): Promise<Uint8Array>;
}

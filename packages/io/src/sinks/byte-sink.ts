/** Where a file is written: nothing is there before `commit`, nothing is left after `abort`. */
export interface ByteSink {
  /** The file where the bytes lie until then, for others that write parts of them. */
  readonly path?: string | undefined;
  /** Writes at a position; mostly in order, and once more at the front where a header is patched. */
  write(position: number, bytes: Uint8Array): Promise<void>;
  /** Puts the finished file in its place. */
  commit(): Promise<void>;
  /** Throws away what was written. Harmless after `commit` and when called twice. */
  abort(): Promise<void>;
}

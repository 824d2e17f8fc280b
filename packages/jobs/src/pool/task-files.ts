import type { FilePlace, FileTarget, Sha256 } from "@lora/tensor";

/** Files as a task reaches them from its own thread, and waits for them. */
export interface TaskFiles {
  /**
   * Fills `into`.
   *
   * @throws LoraError IO
   */
  read(place: FilePlace, into: Uint8Array): void;
  /**
   * Runs `work` with what writes into a file, one part behind the other.
   *
   * @throws LoraError IO; and what `work` throws
   */
  writing<T>(target: FileTarget, work: (write: (bytes: Uint8Array) => void) => T): T;
  /** Begins a hash, as fast as there is one. */
  sha256(): Sha256;
}

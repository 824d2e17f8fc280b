import { LoraError } from "@lora/tensor";
import { type BytesInFile, isInFile, type Sent } from "./sent.ts";
import type { TaskFiles } from "./task-files.ts";

/** Where each tensor begins, so that values of any width are aligned. */
const ALIGNMENT = 64;

/**
 * Brings the bytes that sent data only names. They go to one piece of memory, which the next data take over: fresh memory for every
 * task costs more than reading.
 */
export class Arrivals {
  readonly #files: TaskFiles | undefined;
  #memory = new Uint8Array(0);

  constructor(files?: TaskFiles) {
    this.#files = files;
  }

  /**
   * The data with all bytes in memory: those from files until the next call.
   *
   * @throws LoraError IO naming the tensor when its file cannot be read; UNSUPPORTED where no file is in reach
   */
  receive<T>(sent: Sent<T>): T {
    const waiting = new Map<BytesInFile, number>();
    const bytes = collect(sent, waiting, 0);
    if (waiting.size === 0) return sent as T;
    // Never filled by one view alone, which would be moved to whoever is sent it.
    if (this.#memory.length <= bytes) this.#memory = new Uint8Array(bytes + ALIGNMENT);
    return this.#brought(sent, waiting) as T;
  }

  #brought(value: unknown, places: ReadonlyMap<BytesInFile, number>): unknown {
    if (!isPlain(value)) return value;
    if (Array.isArray(value)) return value.map((item) => this.#brought(item, places));
    if (isInFile(value)) return this.#read(value, places.get(value)!);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#brought(item, places)]));
  }

  #read({ inFile, length, tensor }: BytesInFile, at: number): Uint8Array {
    if (this.#files === undefined)
      throw new LoraError("UNSUPPORTED", "this worker does not reach files", { tensor });
    const into = this.#memory.subarray(at, at + length);
    try {
      this.#files.read(inFile, into);
    } catch (error) {
      throw error instanceof LoraError ? error.at({ tensor }) : error;
    }
    return into;
  }
}

/** Notes where in memory each piece goes. @returns the bytes of all */
function collect(value: unknown, into: Map<BytesInFile, number>, from: number): number {
  if (!isPlain(value)) return from;
  if (!isInFile(value))
    return Object.values(value).reduce<number>((at, item) => collect(item, into, at), from);
  into.set(value, from);
  return Math.ceil((from + value.length) / ALIGNMENT) * ALIGNMENT;
}

/** What bytes may be found in. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

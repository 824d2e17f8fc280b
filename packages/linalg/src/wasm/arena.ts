import { LoraError } from "@lora/tensor";

const PAGE = 65_536;

/** Where everything begins, so that no vector crosses a cache line. */
const ALIGNMENT = 64;

/** The memory of an engine, handed out in a stack. Growing it makes earlier views useless: ask for them late. */
export class Arena {
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 1 });
  #top = 0;
  #doubles = new Float64Array(this.memory.buffer);
  #singles = new Float32Array(this.memory.buffer);
  #halves = new Uint16Array(this.memory.buffer);
  #bytes = new Uint8Array(this.memory.buffer);

  /**
   * The address of so many bytes, not cleared.
   *
   * @throws LoraError UNSUPPORTED when there is no room for them
   */
  allocate(bytes: number): number {
    const at = this.#top;
    this.#top = Math.ceil((at + bytes) / ALIGNMENT) * ALIGNMENT;
    const missing = this.#top - this.memory.buffer.byteLength;
    if (missing > 0) this.#grow(Math.ceil(missing / PAGE));
    return at;
  }

  /** Runs `work`, and takes back what it allocated. */
  scope<T>(work: () => T): T {
    const before = this.#top;
    try {
      return work();
    } finally {
      this.#top = before;
    }
  }

  /** The whole memory as doubles. */
  get doubles(): Float64Array {
    return this.#doubles;
  }

  /** The whole memory as numbers of single precision. */
  get singles(): Float32Array {
    return this.#singles;
  }

  /** The whole memory as values of sixteen bits. */
  get halves(): Uint16Array {
    return this.#halves;
  }

  /** The whole memory as bytes. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  #grow(pages: number): void {
    try {
      this.memory.grow(pages);
    } catch (cause) {
      const bytes = this.memory.buffer.byteLength + pages * PAGE;
      throw new LoraError("UNSUPPORTED", `the memory of the WASM engine cannot grow to ${bytes} bytes`, {
        bytes,
        cause,
        advice: "use smaller matrices, or the reference engine",
      });
    }
    this.#doubles = new Float64Array(this.memory.buffer);
    this.#singles = new Float32Array(this.memory.buffer);
    this.#halves = new Uint16Array(this.memory.buffer);
    this.#bytes = new Uint8Array(this.memory.buffer);
  }
}

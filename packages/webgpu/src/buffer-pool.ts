import type { Health } from "./health.ts";

/** What a pool holds. */
export interface PoolMemory {
  readonly buffers: number;
  readonly bytes: number;
  readonly idleBytes: number;
}

/** How a pool makes buffers and how many bytes it keeps for later. */
export interface PoolOptions {
  readonly usage: number;
  readonly mostIdleBytes: number;
}

/**
 * Buffers of one usage, used again and again, by size class: `destroy` frees nothing before the queue moves on, so
 * that making and destroying a buffer for each tensor grows without end. A class wastes a quarter at most.
 */
export class BufferPool {
  readonly #device: GPUDevice;
  readonly #health: Health;
  readonly #usage: number;
  readonly #idle: GPUBuffer[] = []; // oldest first
  readonly #held = { buffers: 0, bytes: 0, idleBytes: 0 };
  #mostIdleBytes: number;

  constructor(device: GPUDevice, health: Health, { usage, mostIdleBytes }: PoolOptions) {
    this.#device = device;
    this.#health = health;
    this.#usage = usage;
    this.#mostIdleBytes = mostIdleBytes;
  }

  get memory(): PoolMemory {
    return { ...this.#held };
  }

  /** A buffer of at least so many bytes; its contents are whatever they were. */
  acquire(bytes: number): GPUBuffer {
    const size = sizeClass(bytes, this.#device.limits.maxBufferSize);
    const at = this.#idle.map((buffer) => buffer.size).lastIndexOf(size);
    if (at >= 0) {
      this.#held.idleBytes -= size;
      return this.#idle.splice(at, 1)[0]!;
    }
    this.#held.buffers += 1;
    this.#held.bytes += size;
    const usage = this.#usage;
    return this.#health.watch("out-of-memory", () => this.#device.createBuffer({ size, usage }));
  }

  /** Gives a buffer back. Work that was submitted before still sees what it was submitted with. */
  release(buffer: GPUBuffer): void {
    this.#idle.push(buffer);
    this.#held.idleBytes += buffer.size;
    this.#trim();
  }

  /** Frees what is idle; what is released later is freed at once. */
  dispose(): void {
    this.#mostIdleBytes = 0;
    this.#trim();
  }

  #trim(): void {
    if (this.#held.idleBytes <= this.#mostIdleBytes) return;
    while (this.#held.idleBytes > this.#mostIdleBytes) {
      const buffer = this.#idle.shift()!;
      this.#held.idleBytes -= buffer.size;
      this.#held.bytes -= buffer.size;
      this.#held.buffers -= 1;
      buffer.destroy();
    }
    this.#device.queue.submit([]); // destroyed buffers are freed when the queue moves on
  }
}

/** 256 bytes, then four classes to each power of two. */
export function sizeClass(bytes: number, most: number): number {
  if (bytes <= 256) return 256;
  const step = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  const size = Math.ceil(bytes / step) * step;
  return size <= most ? size : Math.ceil(bytes / 4) * 4;
}

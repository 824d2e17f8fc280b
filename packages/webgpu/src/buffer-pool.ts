import type { Health } from "./health.ts";

/** Buffers of one usage, used again and again. */
export interface BufferPool {
  /** A buffer of at least so many bytes; its contents are whatever they were. */
  acquire(bytes: number): GPUBuffer;
  /** Gives a buffer back. Work that was submitted before still sees what it was submitted with. */
  release(buffer: GPUBuffer): void;
  readonly memory: PoolMemory;
  /** Frees what is idle; what is released later is freed at once. */
  dispose(): void;
}

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
 * A pool by size class: `destroy` frees nothing before the queue moves on, so that making and destroying a buffer a
 * tensor grows without end. A class wastes a quarter of a buffer at most.
 */
export function bufferPool(device: GPUDevice, health: Health, options: PoolOptions): BufferPool {
  const idle: GPUBuffer[] = []; // oldest first
  let mostIdleBytes = options.mostIdleBytes;
  const held = { buffers: 0, bytes: 0, idleBytes: 0 };

  const free = (): void => {
    if (held.idleBytes <= mostIdleBytes) return;
    while (held.idleBytes > mostIdleBytes) {
      const buffer = idle.shift()!;
      held.idleBytes -= buffer.size;
      held.bytes -= buffer.size;
      held.buffers -= 1;
      buffer.destroy();
    }
    device.queue.submit([]); // destroyed buffers are freed when the queue moves on
  };

  return {
    acquire(bytes) {
      const size = sizeClass(bytes, device.limits.maxBufferSize);
      const at = idle.findLastIndex((buffer) => buffer.size === size);
      if (at >= 0) {
        held.idleBytes -= size;
        return idle.splice(at, 1)[0]!;
      }
      const buffer = health.watch("out-of-memory", () => device.createBuffer({ size, usage: options.usage }));
      held.buffers += 1;
      held.bytes += size;
      return buffer;
    },
    release(buffer) {
      idle.push(buffer);
      held.idleBytes += buffer.size;
      free();
    },
    get memory() {
      return { ...held };
    },
    dispose() {
      mostIdleBytes = 0;
      free();
    },
  };
}

/** 256 bytes, then four classes to each power of two. */
export function sizeClass(bytes: number, most: number): number {
  if (bytes <= 256) return 256;
  const step = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  const size = Math.ceil(bytes / step) * step;
  return size <= most ? size : Math.ceil(bytes / 4) * 4;
}

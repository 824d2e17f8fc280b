import type { BufferPool } from "./buffer-pool.ts";
import { MAP_READ } from "./gpu-flags.ts";
import type { Health } from "./health.ts";

/** What is read back, and through what. */
export interface Reading {
  readonly buffer: GPUBuffer;
  readonly size: number;
  readonly staging: BufferPool;
  readonly health: Health;
}

/**
 * Copies the first `size` bytes of a buffer as they are when all that is queued by now is done. The copy is queued
 * before this returns.
 *
 * @throws LoraError DEVICE when the device was lost, or refused anything before
 */
export async function readBuffer(device: GPUDevice, reading: Reading): Promise<Uint8Array<ArrayBuffer>> {
  const { buffer, size, staging, health } = reading;
  const words = Math.ceil(size / 4) * 4;
  const target = staging.acquire(words);
  const encoder = device.createCommandEncoder({ label: "download" });
  encoder.copyBufferToBuffer(buffer, 0, target, 0, words);
  health.watch("validation", () => device.queue.submit([encoder.finish()]));
  try {
    await target.mapAsync(MAP_READ, 0, words);
  } catch (cause) {
    await health.settle();
    throw health.failure(cause);
  }
  const bytes = new Uint8Array(target.getMappedRange(0, words)).slice(0, size);
  target.unmap();
  staging.release(target);
  await health.settle();
  return bytes;
}

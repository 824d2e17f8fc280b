import type { TensorSpec } from "@lora/tensor";
import { byteCount, decode, elementCount, LoraError } from "@lora/tensor";
import { BufferPool } from "./buffer-pool.ts";
import { checkBufferSize } from "./check-buffer-size.ts";
import { USAGE } from "./gpu-flags.ts";
import type { Health } from "./health.ts";
import { readBuffer } from "./read-buffer.ts";
import { isPacking, PACKED_BYTES, type WebGpuStorage } from "./webgpu-storage.ts";

/** Values on a device: how they get there and back. */
export interface DeviceMemory {
  readonly tensors: BufferPool;
  /** Room for so many f32 values. */
  allocate(count: number): WebGpuStorage;
  /** Stored values: floats of 32, 16 and 8 bits as they are, all others as f32. */
  store(bytes: Uint8Array, from: TensorSpec): WebGpuStorage;
  /** So many values, as f32. What is queued later does not change them. */
  read(storage: WebGpuStorage, count: number): Promise<Float32Array>;
  dispose(): void;
}

const TENSOR_USAGE = USAGE.storage | USAGE.copySource | USAGE.copyTarget;

/** The memory of a device, in pools of `mostIdleBytes` for tensors and the same for reading back. */
export function deviceMemory(device: GPUDevice, health: Health, mostIdleBytes: number): DeviceMemory {
  const tensors = new BufferPool(device, health, { usage: TENSOR_USAGE, mostIdleBytes });
  const staging = new BufferPool(device, health, { usage: USAGE.mapRead | USAGE.copyTarget, mostIdleBytes });
  const acquire = (bytes: number): GPUBuffer => {
    checkBufferSize(bytes, device.limits.maxBufferSize);
    return tensors.acquire(bytes);
  };
  return {
    tensors,
    allocate: (count) => ({ buffer: acquire(count * PACKED_BYTES.f32), packing: "f32" }),
    store(bytes, from) {
      const { words, packing } = storedWords(bytes, from);
      const buffer = acquire(words.byteLength);
      device.queue.writeBuffer(buffer, 0, words);
      return { buffer, packing };
    },
    async read({ buffer, packing }, count) {
      const bytes = await readBuffer(device, {
        buffer,
        size: count * PACKED_BYTES[packing],
        staging,
        health,
      });
      if (packing === "f32") return new Float32Array(bytes.buffer, 0, count);
      const values = new Float32Array(count);
      decode(bytes, packing, values);
      return values;
    },
    dispose() {
      tensors.dispose();
      staging.dispose();
    },
  };
}

/** The words of a buffer, and how values lie in them. */
function storedWords(
  bytes: Uint8Array,
  { dtype, shape }: TensorSpec,
): { readonly words: Uint8Array<ArrayBuffer>; readonly packing: WebGpuStorage["packing"] } {
  if (!isPacking(dtype)) {
    const values = new Float32Array(elementCount(shape));
    decode(bytes, dtype, values);
    return { words: new Uint8Array(values.buffer), packing: "f32" };
  }
  const expected = byteCount({ dtype, shape });
  if (bytes.length !== expected) {
    throw new LoraError(
      "SHAPE",
      `${elementCount(shape)} values of ${dtype} take ${expected} bytes, not the ${bytes.length} given`,
      { dtype, shape, bytes: bytes.length },
    );
  }
  return { words: wholeWords(bytes), packing: dtype };
}

/** The same bytes where they fill 32-bit words and are not shared between threads; else a copy that does. */
function wholeWords(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.length % 4 === 0 && bytes.buffer instanceof ArrayBuffer) return bytes as Uint8Array<ArrayBuffer>;
  const words = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  words.set(bytes);
  return words;
}

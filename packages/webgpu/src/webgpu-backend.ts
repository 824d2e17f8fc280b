import type { Backend, Ops, Shape, Tensor } from "@lora/tensor";
import { elementCount, LoraError, signatures } from "@lora/tensor";
import type { PoolMemory } from "./buffer-pool.ts";
import { chooseKernel, type ProductKernel } from "./choose-kernel.ts";
import { deviceMemory } from "./device-memory.ts";
import { dispatcherOf } from "./dispatcher.ts";
import { healthOf } from "./health.ts";
import type { Launcher } from "./kernels/_kernel.ts";
import { residentTensors } from "./resident-tensors.ts";
import { type AdapterDescription, isSoftwareAdapter } from "./software-adapter.ts";
import type { WebGpuStorage } from "./webgpu-storage.ts";

/** How a WebGPU backend works; all of it may be left out. */
export interface WebGpuOptions {
  /** Which kernel multiplies matrices; by default `block`, and `vector` on software adapters. */
  readonly gemm?: ProductKernel | undefined;
  /** What the device runs on, where `device.adapterInfo` does not say. */
  readonly adapterInfo?: AdapterDescription | undefined;
  /** Bytes of buffers kept for later tensors; 256 MiB when left out. */
  readonly mostIdleBytes?: number | undefined;
  /** Bytes that are bound at once, where that should be less than the device allows; 512 at least. */
  readonly mostBindingBytes?: number | undefined;
}

/** A `Backend` on a WebGPU device. */
export interface WebGpuBackend extends Backend<WebGpuStorage> {
  /** Which kernel multiplies matrices. */
  readonly gemm: string;
  /** The buffers of tensors, in use and idle. */
  readonly memory: PoolMemory;
  /** Frees what no tensor uses. The device stays open: it is the caller's. */
  dispose(): void;
}

/**
 * A backend that calculates in f32 on a device that the caller opened, in a browser or through Dawn. `run` queues and
 * returns at once; only `download` waits. f16 and bf16 stay as they are in the device's memory and are widened where
 * they are read. Disposed tensors leave their buffers to later ones; a backend makes no more than it needs at once.
 *
 * Tensors may be as large as a buffer of the device. Where they are larger than what it binds at once, element-wise
 * operations, reductions and products go by blocks. When the device is lost, or refuses anything, every call from
 * then on throws or rejects with that error (DEVICE).
 *
 * @throws LoraError USAGE when there is no gemm kernel of that name
 */
export function webgpuBackend(device: GPUDevice, options: WebGpuOptions = {}): WebGpuBackend {
  const software = isSoftwareAdapter(options.adapterInfo ?? device.adapterInfo ?? {});
  const kernelOf = chooseKernel({ software, gemm: options.gemm });
  const mostBinding = Math.min(
    device.limits.maxStorageBufferBindingSize,
    options.mostBindingBytes ?? Infinity,
  );
  const health = healthOf(device);
  const memory = deviceMemory(device, health, options.mostIdleBytes ?? 2 ** 28);
  const dispatcher = dispatcherOf(device, health);
  const launcher: Launcher = {
    mostBinding,
    launch: dispatcher.launch,
    apply: (op, args, out) => kernelOf(op).run(args, out, launcher),
    scratch(count, use) {
      const storage = memory.allocate(count);
      use(storage);
      memory.tensors.release(storage.buffer);
    },
  };
  const tensors = residentTensors((storage) => memory.tensors.release(storage.buffer));
  const problemOf = <O extends keyof Ops>(op: O, args: Ops<WebGpuStorage>[O]): LoraError | undefined =>
    tensors.problem(op, args) ?? signatures[op].problem(args) ?? kernelOf(op).problem?.(args, mostBinding);

  const backend: WebGpuBackend = {
    id: "webgpu",
    gemm: kernelOf("gemm").id,
    supports: (op, args) => problemOf(op, args) === undefined,
    run(op, args) {
      health.check();
      const problem = problemOf(op, args);
      if (problem !== undefined) throw problem;
      const shape = signatures[op].shape(args);
      const out = memory.allocate(elementCount(shape));
      if (elementCount(shape) > 0) launcher.apply(op, args, out);
      return tensors.add(backend, out, shape);
    },
    upload(bytes, from, as) {
      health.check();
      if (as === "f32") return tensors.add(backend, memory.store(bytes, from), from.shape);
      throw new LoraError("UNSUPPORTED", `WebGPU calculates in f32, not in ${as}`, {
        as,
        advice: "ask for f32",
      });
    },
    async download(tensor) {
      health.check();
      tensors.check(tensor);
      return memory.read(tensor.storage, elementCount(tensor.shape));
    },
    get memory() {
      return memory.tensors.memory;
    },
    dispose() {
      memory.dispose();
      dispatcher.dispose();
    },
  };
  return backend;
}

import type { Backend, ComputeDType, Ops } from "@lora/tensor";
import { elementCount, LoraError, signatures } from "@lora/tensor";
import type { PoolMemory } from "./buffer-pool.ts";
import { engineOf, type WebGpuOptions } from "./engine.ts";
import { residentTensors } from "./resident-tensors.ts";
import type { AdapterDescription } from "./software-adapter.ts";
import type { Timed } from "./stopwatch.ts";
import type { WebGpuStorage } from "./webgpu-storage.ts";

/** A `Backend` on a WebGPU device. */
export interface WebGpuBackend extends Backend<WebGpuStorage> {
  /** Which kernel multiplies matrices. */
  readonly gemm: string;
  /** The buffers of tensors, in use and idle. */
  readonly memory: PoolMemory;
  /**
   * Runs `work`, which queues operations, and tells how long the kernels took on the clock of the device, which many
   * devices round to 0.1 ms. Needs `timestamp-query`, as `deviceRequest` asks for where it is offered.
   */
  timed<T>(work: () => T): Timed<T>;
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
  const { health, memory, kernelOf, launcher, timed, dispose } = engineOf(device, options);
  const tensors = residentTensors((storage) => memory.tensors.release(storage.buffer));
  const problemOf = <O extends keyof Ops>(op: O, args: Ops<WebGpuStorage>[O]): LoraError | undefined =>
    tensors.problem(op, args) ??
    signatures[op].problem(args) ??
    kernelOf(op).problem?.(args, launcher.mostBinding);

  const backend: WebGpuBackend = {
    id: `webgpu ${adapterName(options.adapterInfo ?? device.adapterInfo ?? {})}`,
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
      if (as !== "f32") throw notCalculated(as);
      return tensors.add(backend, memory.store(bytes, from), from.shape);
    },
    async download(tensor) {
      health.check();
      tensors.check(tensor);
      return memory.read(tensor.storage, elementCount(tensor.shape));
    },
    get memory() {
      return memory.tensors.memory;
    },
    timed,
    dispose,
  };
  return backend;
}

/** What an adapter is called: browsers tell less than Dawn. */
function adapterName({ description, vendor, architecture }: AdapterDescription): string {
  return description || [vendor, architecture].filter(Boolean).join(" ") || "adapter";
}

function notCalculated(as: ComputeDType): LoraError {
  return new LoraError("UNSUPPORTED", `WebGPU calculates in f32, not in ${as}`, {
    as,
    advice: "ask for f32",
  });
}

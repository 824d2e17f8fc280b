import type { Ops } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { chooseKernel, type ProductKernel } from "./choose-kernel.ts";
import { type DeviceMemory, deviceMemory } from "./device-memory.ts";
import { dispatcherOf } from "./dispatcher.ts";
import { type Health, healthOf } from "./health.ts";
import type { BlockShape } from "./kernels/_block-forms.ts";
import type { KernelOf, Launcher } from "./kernels/_kernel.ts";
import { type AdapterDescription, isSoftwareAdapter } from "./software-adapter.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** How a WebGPU backend works; all of it may be left out. */
export interface WebGpuOptions {
  /** Which kernel multiplies matrices; by default `block`, and `vector` on software adapters. */
  readonly gemm?: ProductKernel | undefined;
  /**
   * Whether kernels use subgroup operations. The device has to have the feature `subgroups`, and WGSL the language
   * feature `subgroup_id`. Not used when left out.
   */
  readonly subgroups?: boolean | undefined;
  /** The results that a workgroup of `block` calculates, for comparisons; chosen by shape when left out. */
  readonly blocks?: BlockShape | undefined;
  /** What the device runs on, where `device.adapterInfo` does not say. */
  readonly adapterInfo?: AdapterDescription | undefined;
  /** Bytes of buffers kept for later tensors; 256 MiB when left out. */
  readonly mostIdleBytes?: number | undefined;
  /** Bytes that are bound at once, where that should be less than the device allows; 512 at least. */
  readonly mostBindingBytes?: number | undefined;
}

/** What a backend is made of. */
export interface Engine {
  readonly health: Health;
  readonly memory: DeviceMemory;
  readonly launcher: Launcher;
  readonly timed: Stopwatch["timed"];
  readonly kernelOf: <O extends keyof Ops>(op: O) => KernelOf<O>;
  dispose(): void;
}

/**
 * Sets a device up to run kernels.
 *
 * @throws LoraError USAGE when there is no gemm kernel of the name asked for, or the device lacks what is asked for
 */
export function engineOf(device: GPUDevice, options: WebGpuOptions): Engine {
  const { mostIdleBytes = 2 ** 28, mostBindingBytes = Infinity } = options;
  // Not every browser has `device.adapterInfo` yet.
  const software = isSoftwareAdapter(options.adapterInfo ?? device.adapterInfo ?? {});
  const kernelOf = chooseKernel({ software, gemm: options.gemm });
  requireFeatures(device, options);
  const health = healthOf(device);
  const memory = deviceMemory(device, health, mostIdleBytes);
  const dispatcher = dispatcherOf(device, health);
  const launcher: Launcher = {
    device: {
      software,
      subgroups: options.subgroups === true,
      blocks: options.blocks,
      workgroupBytes: device.limits.maxComputeWorkgroupStorageSize,
    },
    mostBinding: Math.min(device.limits.maxStorageBufferBindingSize, mostBindingBytes),
    launch: dispatcher.launch,
    apply: (op, args, out) => kernelOf(op).run(args, out, launcher),
    scratch(count, use) {
      const storage = memory.allocate(count);
      use(storage);
      memory.tensors.release(storage.buffer);
    },
  };
  const dispose = (): void => {
    memory.dispose();
    dispatcher.dispose();
  };
  return { health, memory, launcher, kernelOf, timed: dispatcher.stopwatch.timed, dispose };
}

/** Which features of a device the options need. */
function requireFeatures({ features }: GPUDevice, { gemm, subgroups }: WebGpuOptions): void {
  const needed = [gemm === "half" ? "shader-f16" : undefined, subgroups === true ? "subgroups" : undefined];
  const lacking = needed.find((feature) => feature !== undefined && !features.has(feature));
  if (lacking === undefined) return;
  throw new LoraError("USAGE", `this needs the feature ${lacking}, which the device was not opened with`, {
    feature: lacking,
    advice:
      "open the device with `deviceRequest`; where the adapter has no such feature, leave the option out",
  });
}

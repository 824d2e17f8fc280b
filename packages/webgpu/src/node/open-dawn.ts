import { LoraError } from "@lora/tensor";
import { deviceRequest } from "../device-request.ts";
import { isSoftwareAdapter } from "../software-adapter.ts";
import { type Dawn, loadDawn } from "./load-dawn.ts";

/** Which device `openDawn` takes. */
export interface DawnOptions {
  /** Whether a driver that calculates on the processor will do; `false` when left out. */
  readonly allowFallback?: boolean | undefined;
  /** Switches of Dawn as its `create` takes them, e.g. `backend=vulkan`. */
  readonly flags?: readonly string[] | undefined;
  /** Imports the npm package `webgpu`, where it is to be found from somewhere else than this package. */
  readonly load?: (() => Promise<Dawn>) | undefined;
}

const DRIVERS =
  "install the driver of the GPU; on Linux also its Vulkan part and a loader (apt install libvulkan1), and where " +
  "several are installed name one in VK_ICD_FILENAMES";

/**
 * Opens a GPU in Node, through Dawn (npm `webgpu`, an optional peer, loaded here), with the limits of its adapter.
 * The caller closes it with `device.destroy()`. The process ends by itself with the device open.
 *
 * @throws LoraError MISSING when `webgpu` is not installed; DEVICE when it does not load, when it finds no GPU, or
 *   only a software driver that was not allowed
 */
export async function openDawn(options: DawnOptions = {}): Promise<GPUDevice> {
  const { create } = await loadDawn(options.load);
  const gpu = create([...(options.flags ?? [])]);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) {
    throw new LoraError("DEVICE", "Dawn finds no GPU on this machine", { advice: DRIVERS });
  }
  if (options.allowFallback !== true && isSoftwareAdapter(adapter.info)) {
    throw new LoraError("DEVICE", `the only adapter is a software driver: ${adapter.info.description}`, {
      advice: `${DRIVERS}; the WASM kernels are 10 to 40 times as fast as such a driver, \`allowFallback\` takes it anyway`,
    });
  }
  const device = await adapter.requestDevice(deviceRequest(adapter));
  return keeping(device, gpu);
}

/** Dawn crashes the process when its GPU object is collected before a device, lost or not: the device holds it. */
function keeping(device: GPUDevice, gpu: GPU): GPUDevice {
  return Object.defineProperty(device, Symbol("gpu"), { value: gpu });
}

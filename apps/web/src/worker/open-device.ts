import type { Backend } from "@lora/tensor";
import { deviceRequest, isSoftwareAdapter, webgpuBackend } from "@lora/webgpu";

/** What `?device=` may say. */
export type DeviceChoice = "auto" | "wasm" | "webgpu";

/** A GPU that is ready, or why there is none. */
export type OpenedDevice =
  | { readonly backend: Backend; readonly name: string; readonly lost: Promise<string> }
  | { readonly backend: undefined; readonly reason: string };

/** Opens a GPU. `auto` takes no adapter that calculates on the processor; `webgpu` takes any. */
export async function openDevice(choice: DeviceChoice): Promise<OpenedDevice> {
  if (choice === "wasm") return none("WASM was asked for in the address");
  // Older browsers lack it; the types do not know of them.
  const gpu = navigator.gpu as GPU | undefined;
  if (gpu === undefined) return none("this browser has no WebGPU");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (adapter === null) return none("WebGPU finds no GPU here");
  if (choice === "auto" && isSoftwareAdapter(adapter.info)) return none("the only GPU is a software driver");
  try {
    const device = await adapter.requestDevice(deviceRequest(adapter));
    const { vendor, architecture, description } = adapter.info;
    const name = description || [vendor, architecture].filter((word) => word !== "").join(" ") || "GPU";
    return { backend: webgpuBackend(device), name, lost: device.lost.then(({ message }) => message) };
  } catch (error) {
    return none(`the GPU could not be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function none(reason: string): OpenedDevice {
  return { backend: undefined, reason };
}

export type { PoolMemory } from "./buffer-pool.ts";
export type { ProductKernel } from "./choose-kernel.ts";
export { deviceRequest } from "./device-request.ts";
export type { AdapterOffer } from "./device-request.ts";
export { isSoftwareAdapter } from "./software-adapter.ts";
export type { AdapterDescription } from "./software-adapter.ts";
export { webgpuBackend } from "./webgpu-backend.ts";
export type { WebGpuBackend, WebGpuOptions } from "./webgpu-backend.ts";
export type { Packing, WebGpuStorage } from "./webgpu-storage.ts";

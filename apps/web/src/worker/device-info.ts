/** What calculates, in words for the badge. */
export interface DeviceInfo {
  readonly kind: "webgpu" | "wasm";
  /** `WebGPU, nvidia ampere`, `WASM SIMD, 8 threads`. */
  readonly name: string;
  /** Why it is not WebGPU, where it is not. */
  readonly reason: string | undefined;
  /** Whether there was a GPU, and it went away while the page was open. */
  readonly lost: boolean;
}

/** What tells adapters apart; `GPUAdapterInfo` is one. */
export interface AdapterDescription {
  readonly vendor?: string | undefined;
  readonly architecture?: string | undefined;
  readonly device?: string | undefined;
  readonly description?: string | undefined;
  readonly isFallbackAdapter?: boolean | undefined;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

/**
 * Whether an adapter calculates on the processor: it says so, or it has the name of a driver that does. Such
 * adapters are for tests: 10 to 40 times as slow as WASM on the same processor.
 */
export function isSoftwareAdapter(info: AdapterDescription): boolean {
  const names = [info.vendor, info.architecture, info.device, info.description];
  return info.isFallbackAdapter === true || names.some((name) => SOFTWARE.test(name ?? ""));
}

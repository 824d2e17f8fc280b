/** What `deviceRequest` reads of an adapter. */
export type AdapterOffer = Pick<GPUAdapter, "features" | "limits">;

/**
 * What to pass to `adapter.requestDevice` so that large tensors fit: the largest buffers and bindings that the
 * adapter offers, where WebGPU's defaults are 256 MiB and 128 MiB, and `timestamp-query` where there is one.
 */
export function deviceRequest({ features, limits }: AdapterOffer): GPUDeviceDescriptor {
  return {
    label: "lora",
    requiredFeatures: features.has("timestamp-query") ? ["timestamp-query"] : [],
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    },
  };
}

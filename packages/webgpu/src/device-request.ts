/** What `deviceRequest` reads of an adapter. */
export type AdapterOffer = Pick<GPUAdapter, "features" | "limits">;

/** Features that are of use, where an adapter has them. */
const FEATURES = ["shader-f16", "subgroups", "timestamp-query"] as const;

/**
 * What to pass to `adapter.requestDevice` so that large tensors fit: the largest buffers and bindings that the
 * adapter offers, where WebGPU's defaults are 256 MiB and 128 MiB, all of its workgroup memory, and `shader-f16`,
 * `subgroups` and `timestamp-query` where it has them.
 */
export function deviceRequest({ features, limits }: AdapterOffer): GPUDeviceDescriptor {
  return {
    label: "lora",
    requiredFeatures: FEATURES.filter((feature) => features.has(feature)),
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    },
  };
}

import { env } from "node:process";
import type { DType } from "@lora/tensor";
import { type WebGpuBackend, webgpuBackend, type WebGpuOptions } from "@lora/webgpu";
import { openDawn } from "@lora/webgpu/node";
import { afterAll, describe, expect, test } from "vitest";
import { testBackend, testBackendProducts } from "./backend.ts";

// Skipped where there is no WebGPU, unless the run demands it.
const device = await openDawn({ allowFallback: true }).catch((error: unknown) => {
  if (env["REQUIRE_WEBGPU"] === "1") throw error;
});

const software = device?.adapterInfo.isFallbackAdapter === true;
/** Software drivers compile a block of registers for seconds: there, one type of each width is read by every kernel. */
const types: readonly DType[] | undefined =
  software && env["WEBGPU_KERNELS"] !== "all" ? ["bf16", "f8e4m3"] : undefined;

/** Kernels that a device takes only for some shapes, or only on request, with the feature that they need. */
const KERNELS: readonly (WebGpuOptions & { readonly feature?: GPUFeatureName })[] = [
  { gemm: "block" },
  { gemm: "block", blocks: "128x128" },
  { gemm: "block", subgroups: true, feature: "subgroups" },
  { gemm: "half", feature: "shader-f16" },
  { gemm: "half", blocks: "128x128", feature: "shader-f16" },
];

describe.skipIf(device === undefined)("through Dawn", () => {
  const backend = device && webgpuBackend(device);
  afterAll(() => device?.destroy());

  test("the kernel without workgroup memory is for software adapters", () => {
    expect(backend?.gemm).toBe(software ? "gemm-vector" : "gemm-block");
  });

  testBackend("WebGPU", async () => backend!, "f32");

  for (const { feature, ...options } of KERNELS.filter(isOffered)) {
    describe(`with ${JSON.stringify(options)}`, () => {
      const opened = device && webgpuBackend(device, options);
      testBackendProducts("WebGPU", { open: async () => opened as WebGpuBackend, dtype: "f32" }, types);
    });
  }
});

function isOffered({ feature }: { readonly feature?: GPUFeatureName }): boolean {
  return feature === undefined || device?.features.has(feature) === true;
}

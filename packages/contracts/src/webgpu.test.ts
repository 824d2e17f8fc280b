import { env } from "node:process";
import { type WebGpuBackend, webgpuBackend, type WebGpuOptions } from "@lora/webgpu";
import { openDawn } from "@lora/webgpu/node";
import { afterAll, describe, expect, test } from "vitest";
import { testBackend, testBackendProducts } from "./backend.ts";

// Skipped where there is no WebGPU, unless the run demands it.
const device = await openDawn({ allowFallback: true }).catch((error: unknown) => {
  if (env["REQUIRE_WEBGPU"] === "1") throw error;
});

const software = device?.adapterInfo.isFallbackAdapter === true;
/** Software drivers compile a block of registers for seconds, and there are some hundred. */
const everyKernel = !software || env["WEBGPU_KERNELS"] === "all";

/** Kernels that a device takes only for some shapes, or only on request, with the feature that they need. */
const KERNELS: readonly (WebGpuOptions & { readonly feature?: GPUFeatureName })[] = [
  { gemm: "block" },
  { gemm: "block", blocks: "128x128" },
  { gemm: "block", subgroups: true, feature: "subgroups" },
  { gemm: "half", feature: "shader-f16" },
  { gemm: "half", blocks: "128x128", feature: "shader-f16" },
  { gemm: "vector" },
];

describe.skipIf(device === undefined)("through Dawn", () => {
  const backend = device && webgpuBackend(device);
  afterAll(() => device?.destroy());

  test("the kernel without workgroup memory is for software adapters", () => {
    expect(backend?.gemm).toBe(software ? "gemm-vector" : "gemm-block");
  });

  testBackend("WebGPU", async () => backend!, "f32");

  for (const { feature, ...options } of KERNELS) {
    const possible = feature === undefined || device?.features.has(feature) === true;
    describe.skipIf(!everyKernel || !possible)(`with ${JSON.stringify(options)}`, () => {
      const opened = everyKernel && possible && device && webgpuBackend(device, options);
      testBackendProducts("WebGPU", async () => opened as WebGpuBackend, "f32");
    });
  }
});

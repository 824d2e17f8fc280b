import { env } from "node:process";
import { webgpuBackend } from "@lora/webgpu";
import { openDawn } from "@lora/webgpu/node";
import { afterAll, describe, expect, test } from "vitest";
import { testBackend } from "./backend.ts";

// Skipped where there is no WebGPU, unless the run demands it.
const device = await openDawn({ allowFallback: true }).catch((error: unknown) => {
  if (env["REQUIRE_WEBGPU"] === "1") throw error;
});

describe.skipIf(device === undefined)("through Dawn", () => {
  const backend = device && webgpuBackend(device);
  afterAll(() => device?.destroy());

  test("the kernel without workgroup memory is for software adapters", () => {
    expect(backend?.gemm).toBe(device?.adapterInfo.isFallbackAdapter === true ? "gemm-vector" : "gemm-block");
  });

  testBackend("WebGPU", async () => backend!, "f32");
});

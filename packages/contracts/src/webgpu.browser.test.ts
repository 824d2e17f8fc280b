import { deviceRequest, webgpuBackend } from "@lora/webgpu";
import { afterAll, describe, expect, test } from "vitest";
import { testBackend } from "./backend.ts";

// In the project `browser` only; elsewhere it is skipped.
const adapter = typeof window === "undefined" ? null : await navigator.gpu.requestAdapter();
const device = await adapter?.requestDevice(deviceRequest(adapter));

describe.skipIf(typeof window === "undefined")("in a browser", () => {
  const backend = device && webgpuBackend(device);
  afterAll(() => device?.destroy());

  test("there is an adapter, with its limits", () => {
    expect(device?.limits.maxBufferSize).toBe(adapter?.limits.maxBufferSize);
  });

  testBackend("WebGPU", async () => backend!, "f32");
});

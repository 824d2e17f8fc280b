import { deviceRequest, webgpuBackend } from "@lora/webgpu";
import { afterAll, describe, expect, test } from "vitest";
import { testBackend } from "./backend.ts";

// In the project `browser` only; elsewhere it is skipped, unless the run demands it.
const absent = typeof window === "undefined";
if (absent && process.env["REQUIRE_WEBGPU"] === "1") {
  throw new Error("REQUIRE_WEBGPU=1, and there is no Chromium: install one, or name it in CHROMIUM_PATH.");
}
const adapter = absent ? null : await navigator.gpu.requestAdapter();
const device = await adapter?.requestDevice(deviceRequest(adapter));

describe.skipIf(absent)("in a browser", () => {
  const backend = device && webgpuBackend(device);
  afterAll(() => device?.destroy());

  test("there is an adapter, with its limits", () => {
    expect(device?.limits.maxBufferSize).toBe(adapter?.limits.maxBufferSize);
  });

  testBackend("WebGPU", async () => backend!, "f32");
});

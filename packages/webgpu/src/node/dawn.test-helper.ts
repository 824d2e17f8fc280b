import { env } from "node:process";
import { LoraError } from "@lora/tensor";
import type { WebGpuOptions } from "../engine.ts";
import type { WebGpuBackend } from "../webgpu-backend.ts";
import { webgpuBackend } from "../webgpu-backend.ts";
import { openDawn } from "./open-dawn.ts";

/**
 * A device of any kind, software too; `undefined` where there is none, except where `REQUIRE_WEBGPU=1` demands one.
 *
 * @throws LoraError as `openDawn` does, with `REQUIRE_WEBGPU=1`
 */
export async function dawnDevice(): Promise<GPUDevice | undefined> {
  try {
    return await openDawn({ allowFallback: true });
  } catch (error) {
    if (env["REQUIRE_WEBGPU"] === "1" || !(error instanceof LoraError)) throw error;
    return undefined;
  }
}

/** What tests run on: the device they are skipped without, and one backend on it. */
export interface TestBackend {
  readonly missing: boolean;
  readonly device: GPUDevice;
  readonly backend: WebGpuBackend;
}

/** A backend on a device of its own, by its own options. */
export async function dawnBackend(options: WebGpuOptions = {}): Promise<TestBackend> {
  const found = await dawnDevice();
  const device = found as GPUDevice;
  return {
    missing: found === undefined,
    device,
    backend: (found && webgpuBackend(found, options)) as WebGpuBackend,
  };
}

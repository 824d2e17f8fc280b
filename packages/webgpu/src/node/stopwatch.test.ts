import { encode } from "@lora/tensor";
import { afterAll, describe, expect, test } from "vitest";
import { stopwatchOf } from "../stopwatch.ts";
import { dawnBackend } from "./dawn.test-helper.ts";

const { missing, device, backend } = await dawnBackend();

describe.skipIf(missing)("the time of kernels", () => {
  afterAll(() => device.destroy());

  test.skipIf(!device?.features.has("timestamp-query"))("is that of what was queued", async () => {
    const values = encode(new Float32Array(128 * 128).fill(1), "f32");
    const a = backend.upload(values, { dtype: "f32", shape: [128, 128] }, "f32");
    const { result, milliseconds } = backend.timed(() => backend.run("gemm", { a, b: a }));
    expect(await milliseconds).toBeGreaterThanOrEqual(0);
    expect((await backend.download(result))[0]).toBe(128);
    const many = backend.timed(() => Array.from({ length: 40 }, () => backend.run("gemm", { a, b: a })));
    expect(await many.milliseconds).toBeGreaterThan(0);
    expect(await backend.timed(() => 7).milliseconds).toBe(0);
    await backend.download(a); // nothing was refused
  });
});

test("the time of kernels is not known where the device was opened without timestamps", async () => {
  const plain = { features: new Set<string>() } as Pick<GPUDevice, "features">;
  const { result, milliseconds } = stopwatchOf(plain as GPUDevice).timed(() => 3);
  expect([result, await milliseconds]).toEqual([3, undefined]);
});

import { encode } from "@lora/tensor";
import { afterAll, describe, expect, test } from "vitest";
import { webgpuBackend } from "../webgpu-backend.ts";
import { dawnBackend } from "./dawn.test-helper.ts";

const { missing, device, backend } = await dawnBackend();

function upload(values: readonly number[], shape: readonly number[] = [values.length]) {
  return backend.upload(encode(values, "f32"), { dtype: "f32", shape }, "f32");
}

describe.skipIf(missing)("a WebGPU backend", () => {
  afterAll(() => device.destroy());

  test("200 runs make no more buffers than the first", async () => {
    const a = upload(
      Array.from({ length: 900 }, (_, i) => i % 7),
      [30, 30],
    );
    const run = async (): Promise<Float32Array | Float64Array> => {
      const product = backend.run("gemm", { a, b: a });
      const sum = backend.run("map2", { kind: "add", x: product, y: a });
      const values = await backend.download(sum);
      product.dispose();
      sum.dispose();
      return values;
    };
    const first = await run();
    const { memory } = backend;
    for (let i = 0; i < 200; i++) expect(await run()).toEqual(first);
    expect(backend.memory).toEqual(memory);
  });

  test("16-bit values keep 16 bits on the device", async () => {
    const small = webgpuBackend(device);
    const values = Array.from({ length: 4096 }, (_, i) => i % 100);
    small.upload(encode(values, "bf16"), { dtype: "bf16", shape: [4096] }, "f32");
    expect(small.memory.bytes).toBe(8192);
    const odd = small.upload(encode([1, 2, 3], "f16"), { dtype: "f16", shape: [3] }, "f32");
    expect(await small.download(odd)).toEqual(Float32Array.of(1, 2, 3));
  });

  test("bytes of shared memory go up as others do", async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    shared.set(encode([1.5, -2], "f32"));
    const tensor = backend.upload(shared, { dtype: "f32", shape: [2] }, "f32");
    expect(await backend.download(tensor)).toEqual(Float32Array.of(1.5, -2));
  });

  test("what is queued after a download does not reach it", async () => {
    const x = upload([1, 2, 3, 4]);
    const coming = backend.download(x);
    x.dispose();
    upload([9, 9, 9, 9]);
    expect(await coming).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  test("idle buffers are kept up to the bytes allowed, and freed by dispose", () => {
    const pool = webgpuBackend(device, { mostIdleBytes: 1024 });
    const upload1k = () => pool.upload(new Uint8Array(1024), { dtype: "f32", shape: [256] }, "f32");
    const tensors = [upload1k(), upload1k(), upload1k()];
    tensors.forEach((tensor) => tensor.dispose());
    tensors[0]!.dispose(); // a second time does nothing
    expect(pool.memory).toEqual({ buffers: 1, bytes: 1024, idleBytes: 1024 });
    pool.dispose();
    expect(pool.memory).toEqual({ buffers: 0, bytes: 0, idleBytes: 0 });
  });

  test("f64 and f16 to calculate in, and unknown operations, are refused", () => {
    const spec = { dtype: "f32", shape: [1] } as const;
    expect(() => backend.upload(new Uint8Array(4), spec, "f64")).toThrow(
      "WebGPU calculates in f32, not in f64",
    );
    const args = { alpha: 1, x: upload([1]) };
    expect(backend.supports("conv" as "scale", args)).toBe(false);
    expect(() => backend.run("conv" as "scale", args)).toThrow(
      "there is no operation conv in the WebGPU backend",
    );
  });

  test("a tensor that was disposed, or is of another backend, is refused", async () => {
    const [x, foreign] = [
      upload([1]),
      webgpuBackend(device).upload(encode([1], "f32"), { dtype: "f32", shape: [1] }, "f32"),
    ];
    x.dispose();
    const message = "a tensor is not here: it was disposed, or is of another backend";
    expect(backend.supports("scale", { alpha: 1, x })).toBe(false);
    expect(() => backend.run("scale", { alpha: 1, x: foreign })).toThrow(message);
    await expect(backend.download(x)).rejects.toMatchObject({ code: "USAGE" });
  });

  test("a tensor that no buffer holds is refused with both sizes", () => {
    const x = upload(new Array<number>(30_000).fill(1), [30_000, 1]);
    const args = { a: x, b: x, transB: true };
    expect(() => backend.run("gemm", args)).toThrow(
      `a tensor of 3600000000 bytes is larger than the largest buffer of this device, ${device.limits.maxBufferSize} bytes`,
    );
    x.dispose();
  });

  test.skipIf(device?.features.has("shader-f16"))("what needs a feature is refused without it", () => {
    expect(() => webgpuBackend(device, { gemm: "half" })).toThrow(
      "this needs the feature shader-f16, which the device was not opened with",
    );
  });

  test("a kernel that is none is refused", () => {
    expect(() => webgpuBackend(device, { gemm: "fast" as "block" })).toThrow(
      "there is no gemm kernel fast: there are block, half, tile and vector",
    );
  });
});

describe.skipIf(missing)("a device that is lost", () => {
  test("every call says so from then on", async () => {
    const { device: lost, backend: broken } = await dawnBackend();
    const x = broken.upload(encode([1], "f32"), { dtype: "f32", shape: [1] }, "f32");
    lost.destroy();
    await lost.lost;
    await new Promise((resolve) => setImmediate(resolve));
    const message = /^the device was lost \(destroyed\): /;
    expect(() => broken.run("scale", { alpha: 1, x })).toThrow(message);
    expect(() => broken.upload(new Uint8Array(4), { dtype: "f32", shape: [1] }, "f32")).toThrow(message);
    await expect(broken.download(x)).rejects.toMatchObject({
      code: "DEVICE",
      cause: { reason: "destroyed" },
    });
  });

  test("a download that is under way rejects", async () => {
    const { device: lost, backend: broken } = await dawnBackend();
    const x = broken.upload(encode([1], "f32"), { dtype: "f32", shape: [1] }, "f32");
    const coming = broken.download(x);
    lost.destroy();
    await expect(coming).rejects.toMatchObject({ code: "DEVICE" });
  });
});

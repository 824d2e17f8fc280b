// What a device reaches: products by kernel and stored type, products with vectors, factorisations, transfers.
// `pnpm bench:gpu [largest size]`, on the GPU that Dawn opens; LORA_SOFTWARE=1 takes a software driver too.
import { argv, env } from "node:process";
import { randomMatrix, spectralNormOn, svdLowRankOn } from "@lora/linalg";
import { encode, type Tensor } from "@lora/tensor";
import { openDawn } from "@lora/webgpu/node";
import { type WebGpuBackend, webgpuBackend, type WebGpuStorage } from "@lora/webgpu";
import { kernelTime, uniform, wallTime } from "./measure.ts";
import { products, storedProducts } from "./products.ts";

const most = Number(argv[2] ?? 8192);
const flags = (env["LORA_DAWN_FLAGS"] ?? "").split(" ").filter((flag) => flag !== "");
const device = await openDawn({ allowFallback: env["LORA_SOFTWARE"] === "1", flags });
const backend = webgpuBackend(device);

function report(title: string, rows: readonly object[]): void {
  console.log(`\n${title}`);
  for (const row of rows) console.log(JSON.stringify(row, (_, value) => rounded(value)));
}

function rounded(value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

/** GB/s of a matrix of which every value is read once. */
async function vectors(size: number): Promise<object[]> {
  const rows: object[] = [];
  for (const subgroups of device.features.has("subgroups") ? [false, true] : [false]) {
    const on = webgpuBackend(device, { gemm: "block", subgroups });
    const put = (values: Float32Array, dtype: "f32" | "bf16", shape: number[]): Tensor<WebGpuStorage> =>
      on.upload(encode(values, dtype), { dtype, shape }, "f32");
    const vector = put(uniform(size, 4), "f32", [size, 1]);
    for (const dtype of ["f32", "bf16"] as const) {
      const a = put(uniform(size * size, 3), dtype, [size, size]);
      for (const transA of [false, true]) {
        const time = await kernelTime(on, () => on.run("gemm", { a, b: vector, transA }), { calls: 20 });
        const bytes = size * size * (dtype === "f32" ? 4 : 2);
        rows.push({ size, dtype, transA, subgroups, milliseconds: time, gbs: bytes / time / 1e6 });
      }
      a.dispose();
    }
    on.dispose();
  }
  return rows;
}

async function factorisations(size: number): Promise<object[]> {
  const values = randomMatrix(size, size, 5).data;
  const a = backend.upload(encode(values, "bf16"), { dtype: "bf16", shape: [size, size] }, "f32");
  const gram = await kernelTime(backend, () => backend.run("gram", { x: a }));
  const norm = await wallTime(() => spectralNormOn(backend, a));
  const { iterations } = await spectralNormOn(backend, a);
  const lowRank = await wallTime(() => svdLowRankOn(backend, a, { rank: 32 }));
  a.dispose();
  return [{ size, gram, spectralNormOn: norm, iterations, svdLowRankOn32: lowRank }];
}

async function transfers(on: WebGpuBackend, bytes: number): Promise<object[]> {
  const values = new Uint8Array(uniform(bytes / 4, 6).buffer);
  const spec = { dtype: "f32", shape: [bytes / 4] } as const;
  const one = on.upload(values.subarray(0, 4), { dtype: "f32", shape: [1] }, "f32");
  const up = await wallTime(async () => {
    const tensor = on.upload(values, spec, "f32");
    await on.download(one); // when the queue is done with it
    tensor.dispose();
  });
  const tensor = on.upload(values, spec, "f32");
  const down = await wallTime(() => on.download(tensor));
  const latency = await wallTime(async () => {
    for (let i = 0; i < 100; i++) await on.download(one);
  });
  tensor.dispose();
  return [{ bytes, upGbs: bytes / up / 1e6, downGbs: bytes / down / 1e6, downloadMs: latency / 100 }];
}

const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = device.limits;
report("device", [
  { id: backend.id, gemm: backend.gemm, features: [...device.features], maxBufferSize },
  { maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize, flags },
]);
const sizes = [512, 1024, 2048, 4096, 8192].filter((size) => size <= most);
report("products", await products(device, sizes));
report("stored types and transposed operands", await storedProducts(device, Math.min(most, 4096)));
for (const size of sizes.slice(-3)) report("vectors", await vectors(size));
for (const size of sizes.filter((value) => value <= 4096))
  report("factorisations, ms", await factorisations(size));
report("transfers", await transfers(backend, Math.min(2 ** 28, most * most * 4)));
device.destroy();

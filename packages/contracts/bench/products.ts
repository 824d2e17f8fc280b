import { type DType, encode, type Tensor } from "@lora/tensor";
import { type WebGpuBackend, webgpuBackend, type WebGpuOptions, type WebGpuStorage } from "@lora/webgpu";
import { kernelTime, uniform } from "./measure.ts";

/** The kernels that are compared. */
const KERNELS: readonly (WebGpuOptions & {
  readonly feature?: GPUFeatureName;
  readonly dtypes?: readonly DType[];
})[] = [
  { gemm: "block" },
  { gemm: "block", blocks: "128x128" },
  { gemm: "block", blocks: "64x64" },
  { gemm: "tile" },
  { gemm: "vector" },
  { gemm: "half", feature: "shader-f16", dtypes: ["f16"] },
];

const SINGLE: readonly DType[] = ["f32"];

/** A line of results; `name` is the kernel, with the stored type of the operands. */
export interface ProductResult {
  readonly name: string;
  readonly size: string;
  readonly milliseconds: number;
  readonly gflops: number;
  readonly worstError: number;
}

interface Square {
  readonly size: number;
  readonly dtype: DType;
  readonly transA?: boolean;
  readonly transB?: boolean;
}

function upload(backend: WebGpuBackend, { size, dtype }: Square, seed: number): Tensor<WebGpuStorage> {
  const values = uniform(size * size, seed);
  const bytes = dtype === "f32" ? new Uint8Array(values.buffer) : encode(values, dtype);
  return backend.upload(bytes, { dtype, shape: [size, size] }, "f32");
}

/** Times every kernel at these sizes, each checked against f64 at some entries. */
export async function products(device: GPUDevice, sizes: readonly number[]): Promise<ProductResult[]> {
  const results: ProductResult[] = [];
  for (const { feature, dtypes = SINGLE, ...options } of KERNELS) {
    if (feature !== undefined && !device.features.has(feature)) continue;
    const backend = webgpuBackend(device, options);
    const most = options.gemm === "tile" || options.gemm === "vector" ? 2048 : Infinity;
    for (const size of sizes.filter((value) => value <= most)) {
      for (const dtype of dtypes)
        results.push(await product(backend, { size, dtype }, JSON.stringify(options)));
    }
    backend.dispose();
  }
  return results;
}

/** The default kernel on stored types and transposed operands. */
export async function storedProducts(device: GPUDevice, size: number): Promise<ProductResult[]> {
  const backend = webgpuBackend(device);
  const results: ProductResult[] = [];
  for (const dtype of ["f32", "f16", "bf16", "f8e4m3"] as const) {
    for (const [transA, transB] of [
      [false, false],
      [true, false],
      [false, true],
    ] as const) {
      results.push(await product(backend, { size, dtype, transA, transB }, "default"));
    }
  }
  backend.dispose();
  return results;
}

async function product(backend: WebGpuBackend, square: Square, kernel: string): Promise<ProductResult> {
  const { size, dtype, transA = false, transB = false } = square;
  const [a, b] = [upload(backend, square, 1), upload(backend, square, 2)];
  const run = (): Tensor<WebGpuStorage> => backend.run("gemm", { a, b, transA, transB });
  const calls = Math.max(1, Math.min(20, Math.round(2e10 / size ** 3)));
  const milliseconds = await kernelTime(backend, run, { calls });
  const worstError = await worst(backend, { a, b, product: run() }, square);
  for (const tensor of [a, b]) tensor.dispose();
  const turned = `${transA ? "T" : "N"}${transB ? "T" : "N"}`;
  return {
    name: `${kernel} ${dtype} ${turned}`,
    size: `${size}`,
    milliseconds,
    gflops: (2 * size ** 3) / milliseconds / 1e6,
    worstError,
  };
}

interface Checked {
  readonly a: Tensor<WebGpuStorage>;
  readonly b: Tensor<WebGpuStorage>;
  readonly product: Tensor<WebGpuStorage>;
}

/** |c − exact| in units of (k + 1)·2⁻²⁴·(|a|·|b|), the largest of some entries; the bound is 2. */
async function worst(backend: WebGpuBackend, { a, b, product: c }: Checked, square: Square): Promise<number> {
  const [x, y, z] = [await backend.download(a), await backend.download(b), await backend.download(c)];
  c.dispose();
  const { size, transA = false, transB = false } = square;
  let largest = 0;
  for (let sample = 0; sample < 64; sample++) {
    const i = (sample * 7919 + (sample % 5) * (size - 1)) % size;
    const j = (sample * 104_729 + (sample % 3) * (size - 1)) % size;
    let [exact, weight] = [0, 0];
    for (let t = 0; t < size; t++) {
      const term = x[transA ? t * size + i : i * size + t] * y[transB ? j * size + t : t * size + j];
      exact += term;
      weight += Math.abs(term);
    }
    const error = Math.abs(z[i * size + j] - exact) / ((size + 1) * 2 ** -24 * weight);
    largest = Number.isNaN(error) ? Infinity : Math.max(largest, error);
  }
  return largest;
}

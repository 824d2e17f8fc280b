import type { Tensor } from "@lora/tensor";
import type { WebGpuBackend, WebGpuStorage } from "@lora/webgpu";

/** Uniform values in [−1, 1), the same for the same seed, made fast: what is multiplied must not be zeros. */
export function uniform(count: number, seed: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[i] = (state >>> 8) / 2 ** 23 - 1;
  }
  return values;
}

/** Milliseconds of one call on the clock of the device: the best of some rounds of several, after one for warmth. */
export async function kernelTime(
  backend: WebGpuBackend,
  run: () => Tensor<WebGpuStorage>,
  { rounds = 5, calls = 4 }: { readonly rounds?: number; readonly calls?: number } = {},
): Promise<number> {
  let best = Infinity;
  for (let round = 0; round <= rounds; round++) {
    const { result, milliseconds } = backend.timed(() =>
      Array.from({ length: calls }, () => {
        const tensor = run();
        tensor.dispose();
        return tensor;
      }),
    );
    const time = (await milliseconds) ?? Number.NaN;
    if (round > 0) best = Math.min(best, time / result.length);
  }
  return best;
}

/** Milliseconds of some work that ends when its promise does: the best of some rounds, after one for warmth. */
export async function wallTime(work: () => Promise<unknown>, rounds = 3): Promise<number> {
  let best = Infinity;
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    await work();
    if (round > 0) best = Math.min(best, performance.now() - start);
  }
  return best;
}

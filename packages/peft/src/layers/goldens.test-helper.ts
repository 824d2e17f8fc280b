import type { Matrix } from "@lora/linalg";
import type { LazyTensor } from "@lora/tensor";
import { tensorOfValues } from "@lora/tensor";
import { expect } from "vitest";
import { denseTensor, typedTensor } from "./dense-tensor.ts";
import type { DenseTensor } from "./dense-tensor.ts";
import type { AdapterTensors } from "./layer-adapter.ts";

/** A tensor as the golden files hold it. */
export interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The tensors of an adapter as the golden files hold them. */
export interface StoredTensors {
  readonly down: Stored;
  readonly up: Stored;
  readonly bias?: Stored;
  readonly magnitude?: Stored;
  readonly diagonal?: Stored;
}

export function dense({ shape, data }: Stored): DenseTensor {
  return denseTensor(shape, data);
}

export function lazy({ shape, data }: Stored): LazyTensor {
  return tensorOfValues(data, "f64", shape);
}

export function adapterTensors(stored: StoredTensors): AdapterTensors {
  const typed = Object.entries(stored).map(([part, tensor]) => [part, typedTensor(dense(tensor))] as const);
  return Object.fromEntries(typed) as unknown as AdapterTensors;
}

/** Equal within `tolerance` of the largest value of the reference, and of the same shape. */
export function expectClose(found: DenseTensor, wanted: Stored, tolerance: number): void {
  expect(found.shape).toEqual(wanted.shape);
  expect(largestDifference(found.data, wanted.data)).toBeLessThan(tolerance);
}

/** max|found − wanted| / max|wanted|; infinite where a value is NaN or one is missing. */
export function largestDifference(
  found: Matrix["data"] | readonly number[],
  wanted: ArrayLike<number>,
): number {
  if (found.length !== wanted.length) return Infinity;
  let [largest, scale] = [0, 0];
  for (let i = 0; i < found.length; i++) {
    const difference = Math.abs(found[i]! - wanted[i]!);
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
    scale = Math.max(scale, Math.abs(wanted[i]!));
  }
  return scale === 0 ? largest : largest / scale;
}

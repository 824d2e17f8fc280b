import { LoraError } from "@lora/tensor";
import type { WebGpuStorage } from "../webgpu-storage.ts";
import { PACKED_BYTES } from "../webgpu-storage.ts";
import type { Region } from "./_kernel.ts";

/** Offsets of bindings are multiples of this on every device. */
const ALIGNMENT = 256;

/** Elements that begin at an offset every device can bind, whatever their packing. */
export const ALIGNED_ELEMENTS: number = ALIGNMENT;

/** Elements `from` to `to` of a tensor, bound from the aligned offset before them; `shift` elements come first. */
export function elements(
  { buffer, packing }: WebGpuStorage,
  from: number,
  to: number,
): { readonly region: Region; readonly shift: number } {
  const bytes = PACKED_BYTES[packing];
  const offset = Math.floor((from * bytes) / ALIGNMENT) * ALIGNMENT;
  const size = Math.max(4, Math.ceil((to * bytes - offset) / 4) * 4);
  return { region: { buffer, offset, size }, shift: from - offset / bytes };
}

/** How many rows of so many elements one binding holds, whatever its offset; less than 1 where none fits. */
export function rowsInBinding(rowElements: number, { packing }: WebGpuStorage, mostBinding: number): number {
  return Math.floor((mostBinding - ALIGNMENT) / Math.max(1, rowElements * PACKED_BYTES[packing]));
}

/** Says that a row is larger than a binding. */
export function rowTooLong(op: string, rowElements: number, mostBinding: number): LoraError {
  return new LoraError(
    "UNSUPPORTED",
    `${op}: a row of ${rowElements} values is larger than what this device binds at once, ${mostBinding} bytes`,
    { rowElements, mostBinding, advice: "open the device with the limits of its adapter (`deviceRequest`)" },
  );
}

/** 0 to `count` in steps of `step`. */
export function cuts(count: number, step: number): (readonly [from: number, to: number])[] {
  const parts = Math.ceil(count / step);
  return Array.from({ length: parts }, (_, i) => [i * step, Math.min(count, (i + 1) * step)]);
}

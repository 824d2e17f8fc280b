import type { DType, Shape } from "@lora/tensor";
import { LoraError, elementCount, shapeText } from "@lora/tensor";
import type { ByteSource } from "../sources/byte-source.ts";

/** A tensor as a view of stored elements, as PyTorch and NumPy have them. */
export interface StridedView {
  /** The stored elements, and nothing else. */
  readonly storage: ByteSource;
  readonly dtype: DType;
  readonly storedAs?: string | undefined;
  /** Of one element, and of its components, where they are stored with the most significant byte first. */
  readonly itemBytes: number;
  readonly swapped?: number | undefined;
  readonly shape: Shape;
  /** Elements from one to the next along each axis; none is negative. */
  readonly strides: readonly number[];
  /** Elements in front of the first one. */
  readonly offset: number;
}

/** The strides of dense rows: the last axis is contiguous. */
export function denseStrides(shape: Shape): number[] {
  const strides = Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1)
    strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Whether the elements lie as dense rows; the stride of an axis of one does not matter. */
export function isDense({ shape, strides }: Pick<StridedView, "shape" | "strides">): boolean {
  const dense = denseStrides(shape);
  return shape.includes(0) || shape.every((size, axis) => size === 1 || strides[axis] === dense[axis]);
}

/** A view that repeats elements may be larger than its file, but not without bound. */
const MOST_REPEATED = 4;
const ALWAYS_ALLOWED = 2 ** 20;

/**
 * Checks that a view stays inside its storage, and that a few bytes do not claim to be a huge tensor.
 *
 * @param fileBytes of the whole file
 * @throws LoraError FORMAT when it does not
 */
export function checkView(view: StridedView, fileBytes: number): void {
  const { shape, strides, offset, itemBytes, storage } = view;
  const bytes = elementCount(shape) * itemBytes;
  if (bytes === 0) return;
  if (!Number.isSafeInteger(bytes)) {
    throw new LoraError("FORMAT", `${shapeText(shape)} has more elements than can be counted`, { shape });
  }
  const end = (offset + 1 + spanOf(shape, strides)) * itemBytes;
  if (end > storage.size) {
    throw new LoraError(
      "FORMAT",
      `the tensor ends at byte ${end} of its storage, which has ${storage.size}`,
      {
        shape,
        strides,
        offset,
      },
    );
  }
  if (bytes > MOST_REPEATED * fileBytes + ALWAYS_ALLOWED) {
    throw new LoraError(
      "FORMAT",
      `${shapeText(shape)} makes ${bytes} bytes of a storage of ${storage.size}`,
      {
        shape,
        strides,
        advice: "save it with .contiguous() or without this tensor",
      },
    );
  }
}

/** Elements from the first to the last one of a view that is not empty. */
export function spanOf(shape: Shape, strides: readonly number[]): number {
  let span = 0;
  for (let axis = 0; axis < shape.length; axis += 1) span += (shape[axis]! - 1) * strides[axis]!;
  return span;
}

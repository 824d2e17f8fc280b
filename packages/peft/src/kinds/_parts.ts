import type { AnyMatrix, Matrix } from "@lora/linalg";
import type { LazyTensor, Shape } from "@lora/tensor";
import { elementCount, LoraError, readValues, shapeText } from "@lora/tensor";
import { firstNonFinite, isStoredType, storedMatrix, wideMatrix } from "@lora/linalg";
import type { NamedTensor } from "../adapter.ts";
import type { Part } from "../parts.ts";
import type { LoadOptions, Parts } from "./_kind.ts";

/**
 * A part that must be there.
 *
 * @throws LoraError MISSING when it is not
 */
export function requirePart(parts: Parts, part: Part): NamedTensor {
  const found = parts.get(part);
  if (found !== undefined) return found;
  const present = [...parts.values()].map(({ name }) => name);
  throw new LoraError("MISSING", `a module has no ${part} factor`, {
    tensor: present[0],
    part,
    present,
    advice: "the file is cut short, or was changed by a tool that left the partner out",
  });
}

/** Sizes of axes past the second. */
export function kernelOf(shape: Shape): Shape {
  return shape.slice(2);
}

/**
 * Refuses a factor that is no matrix, has an empty axis, or (`up`) has a kernel larger than 1.
 *
 * @throws LoraError SHAPE
 */
export function demandFactor({ name, tensor }: NamedTensor, kernel: "any" | "none"): void {
  const { shape } = tensor;
  const fits = shape.length >= 2 && (kernel === "any" || kernelOf(shape).every((size) => size === 1));
  if (fits && elementCount(shape) > 0) return;
  const rule =
    kernel === "any" ? "a matrix or a convolution kernel" : "a matrix, or a convolution with a kernel of 1";
  throw new LoraError("SHAPE", `a factor must be ${rule} without empty axes, and is ${shapeText(shape)}`, {
    tensor: name,
    shape,
  });
}

/** Refuses factors whose inner sizes differ. */
export function demandSameRank(ranks: readonly (readonly [factor: NamedTensor, axis: number])[]): number {
  const [first] = ranks;
  const rank = first![0].tensor.shape[first![1]]!;
  for (const [factor, axis] of ranks) {
    if (factor.tensor.shape[axis] === rank) continue;
    throw new LoraError(
      "SHAPE",
      `the factors of a module have different ranks: ${shapeText(first![0].tensor.shape)} and ${shapeText(factor.tensor.shape)}`,
      {
        tensor: factor.name,
        shape: factor.tensor.shape,
        partner: first![0].name,
        partnerShape: first![0].tensor.shape,
      },
    );
  }
  return rank;
}

/**
 * All values of a factor as a matrix: the first axis by all others, as they are stored where products can read that.
 *
 * @throws LoraError NUMERIC naming the tensor and the index of the first value that is not finite
 */
export async function readFactor(
  { name, tensor }: NamedTensor,
  { signal, engine }: LoadOptions,
): Promise<AnyMatrix> {
  const factor = await factorMatrix(tensor, signal);
  const at = firstNonFinite(factor, engine);
  if (at < 0) return factor;
  const value = String(wideMatrix(factor).data[at]);
  throw new LoraError("NUMERIC", `value ${at} of a factor is ${value}`, {
    tensor: name,
    index: at,
    value,
    advice: "the training diverged or the file is damaged; use an earlier save",
  });
}

async function factorMatrix(tensor: LazyTensor, signal: AbortSignal | undefined): Promise<AnyMatrix> {
  const { dtype, shape } = tensor;
  const rows = shape[0]!;
  const cols = elementCount(shape) / rows;
  if (isStoredType(dtype)) return storedMatrix(await tensor.bytes(undefined, signal), dtype, [rows, cols]);
  return { rows, cols, data: await readValues(tensor, { as: "f64", signal }) };
}

/**
 * The sizes of a stack of square blocks.
 *
 * @throws LoraError SHAPE when it has another number of axes, an empty one, or blocks that are no squares
 */
export function demandStack({ name, tensor }: NamedTensor, axes: 3 | 4): Shape {
  const { shape } = tensor;
  if (shape.length === axes && elementCount(shape) > 0 && shape.at(-1) === shape.at(-2)) return shape;
  throw new LoraError(
    "SHAPE",
    `square blocks in ${axes} axes are expected, and this is ${shapeText(shape)}`,
    {
      tensor: name,
      shape,
    },
  );
}

/** Refuses a factor without values. */
export function demandFilled({ name, tensor }: NamedTensor): void {
  if (elementCount(tensor.shape) > 0) return;
  throw new LoraError("SHAPE", `a factor has no values: it is ${shapeText(tensor.shape)}`, {
    tensor: name,
    shape: tensor.shape,
  });
}

/**
 * The values that outputs are multiplied with, where there are such.
 *
 * @throws LoraError SHAPE when there is not one for each output; NUMERIC when one is not finite
 */
export async function readRescale(
  part: NamedTensor | undefined,
  outputs: number,
  options: LoadOptions,
): Promise<Matrix["data"] | undefined> {
  if (part === undefined) return undefined;
  const { data } = wideMatrix(await readFactor(part, options));
  if (data.length === outputs) return data;
  throw new LoraError("SHAPE", `${data.length} values are to multiply ${outputs} outputs`, {
    tensor: part.name,
    shape: part.tensor.shape,
  });
}

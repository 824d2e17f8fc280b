import { LoraError, readValues, shapeText } from "@lora/tensor";
import type { NamedTensor } from "../adapter.ts";

/** How many scalars are asked for at once: enough to hide the wait of each, few enough for a file handle. */
const AT_ONCE = 64;

/**
 * Reads the alpha of every module that stores one; nothing else of the file.
 *
 * @returns alphas by tensor name
 * @throws LoraError SHAPE when one is not a single value; NUMERIC when it is not a number above 0
 */
export async function readAlphas(
  alphas: readonly NamedTensor[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const values = new Map<string, number>();
  for (let start = 0; start < alphas.length; start += AT_ONCE) {
    const batch = alphas.slice(start, start + AT_ONCE);
    const read = await Promise.all(batch.map((alpha) => readAlpha(alpha, signal)));
    batch.forEach(({ name }, index) => values.set(name, read[index]!));
  }
  return values;
}

async function readAlpha({ name, tensor }: NamedTensor, signal?: AbortSignal): Promise<number> {
  if (tensor.shape.some((size) => size !== 1)) {
    throw new LoraError("SHAPE", `alpha must be one value, and is ${shapeText(tensor.shape)}`, {
      tensor: name,
      shape: tensor.shape,
    });
  }
  const [alpha] = await readValues(tensor, { as: "f64", signal });
  if (alpha !== undefined && alpha > 0 && Number.isFinite(alpha)) return alpha;
  throw new LoraError("NUMERIC", `alpha must be a number above 0, and is ${alpha}`, {
    tensor: name,
    alpha: String(alpha),
    advice: "set alpha to the rank for a scale of 1, or take the module out of the file",
  });
}

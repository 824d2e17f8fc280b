import { elementCount, LoraError, type Shape, shapeText } from "@lora/tensor";
import type { AdapterModule, ExtraTensor, Magnitude, NamedTensor } from "../adapter.ts";

const MAGNITUDE = /^(.*)\.(?:dora_scale|lora_magnitude_vector(?:\.default)?(?:\.weight)?|m)$/u;

/** The modules with DoRA's magnitudes that stand beside them. */
export function withMagnitudes(
  modules: readonly AdapterModule[],
  extras: readonly ExtraTensor[],
): readonly AdapterModule[] {
  const beside = new Map(extras.flatMap((extra) => named(MAGNITUDE.exec(extra.name)?.[1], extra)));
  if (beside.size === 0) return modules;
  return modules.map((module) => {
    const found = beside.get(module.name);
    return found === undefined ? module : { ...module, magnitude: axisOf(module, found) };
  });
}

function named(module: string | undefined, { name, tensor }: NamedTensor): [string, NamedTensor][] {
  return module === undefined ? [] : [[module, { name, tensor }]];
}

/** PEFT has one for each output always, MLX LM one for each row of what it stores; others say by the shape. */
function axisOf({ layer, shape: [, width = 0] }: AdapterModule, { name, tensor }: NamedTensor): Magnitude {
  if (name.endsWith(".m")) return { name, tensor, axis: layer === "embedding" ? "in" : "out" };
  const isPerInput = name.endsWith(".dora_scale") && isRow(tensor.shape);
  const byInput = isPerInput && (width === 0 || elementCount(tensor.shape) === width);
  return { name, tensor, axis: byInput ? "in" : "out" };
}

function isRow([first, second = 1]: Shape): boolean {
  return first === 1 && second > 1;
}

/**
 * Refuses magnitudes that are not one for each output, or input.
 *
 * @throws LoraError SHAPE
 */
export function demandMagnitude(
  { name, shape }: Pick<AdapterModule, "name" | "shape">,
  { name: tensor, tensor: { shape: stored }, axis }: Magnitude,
): void {
  const size = shape[axis === "out" ? 0 : 1] ?? 0;
  if (size === 0 || elementCount(stored) === size) return;
  throw new LoraError(
    "SHAPE",
    `the magnitudes are ${shapeText(stored)}, and the module is for ${shapeText(shape)}`,
    { tensor, module: name },
  );
}

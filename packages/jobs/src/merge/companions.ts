import type { Adapter, AdapterModule, NamedTensor } from "@lora/peft";
import { elementCount, LoraError, type Shape, shapeText } from "@lora/tensor";

/** What a module has beside its factors, and which tensors of the file that accounts for. */
export interface Companions {
  readonly magnitude: Magnitude | undefined;
  /** PEFT's `lora_bias`: what is added to the bias, before the scale. */
  readonly bias: NamedTensor | undefined;
}

/** DoRA's magnitudes: one for each output, or for each input where LyCORIS was told so (`wd_on_out=False`). */
export interface Magnitude extends NamedTensor {
  readonly axis: "out" | "in";
}

const MAGNITUDE = /^\.(?:dora_scale|lora_magnitude_vector(?:\.default)?(?:\.weight)?)$/u;
const BIAS = /^\.lora_(?:B|up)(?:\.default)?\.bias$/u;

/** Companions of the modules of an adapter, by module name. */
export function companionsOf(adapter: Adapter): ReadonlyMap<string, Companions> {
  const found = new Map<string, Companions>();
  for (const module of adapter.modules) {
    const beside = (pattern: RegExp): NamedTensor | undefined =>
      adapter.extras.find(
        ({ name }) => name.startsWith(module.name) && pattern.test(name.slice(module.name.length)),
      );
    const magnitude = beside(MAGNITUDE);
    const bias = beside(BIAS);
    if (magnitude === undefined && bias === undefined) continue;
    found.set(module.name, { magnitude: magnitude && axisOf(module, magnitude), bias });
  }
  return found;
}

/** PEFT has one for each output always; others say by the shape. */
function axisOf(module: AdapterModule, { name, tensor }: NamedTensor): Magnitude {
  const [out = 0, width = 0] = module.shape;
  const count = elementCount(tensor.shape);
  const byInput = name.endsWith(".dora_scale") && isRow(tensor.shape) && count === width;
  if (byInput || count === out) return { name, tensor, axis: byInput ? "in" : "out" };
  throw new LoraError(
    "SHAPE",
    `the magnitudes are ${shapeText(tensor.shape)}, and the module is for ${shapeText(module.shape)}`,
    { tensor: name, module: module.name },
  );
}

function isRow([first, second = 1]: Shape): boolean {
  return first === 1 && second > 1;
}

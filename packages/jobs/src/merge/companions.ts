import type { Adapter, Magnitude, NamedTensor } from "@lora/peft";
import { demandMagnitude } from "@lora/peft";

/** What a module has beside its factors, and which tensors of the file that accounts for. */
export interface Companions {
  readonly magnitude: Magnitude | undefined;
  /** PEFT's `lora_bias`: what is added to the bias, before the scale. */
  readonly bias: NamedTensor | undefined;
}

const BIAS = /^(.*)\.lora_(?:B|up)(?:\.default)?\.bias$/u;

/**
 * Companions of the modules of an adapter, by module name.
 *
 * @throws LoraError SHAPE when magnitudes are not one for each output or input
 */
export function companionsOf(adapter: Adapter): ReadonlyMap<string, Companions> {
  const biases = new Map(
    adapter.extras.flatMap((extra) => {
      const module = BIAS.exec(extra.name)?.[1];
      return module === undefined ? [] : [[module, extra] as const];
    }),
  );
  const found = new Map<string, Companions>();
  for (const module of adapter.modules) {
    const { magnitude } = module;
    const bias = biases.get(module.name);
    if (magnitude === undefined && bias === undefined) continue;
    if (magnitude !== undefined) demandMagnitude(module, magnitude);
    found.set(module.name, { magnitude, bias });
  }
  return found;
}

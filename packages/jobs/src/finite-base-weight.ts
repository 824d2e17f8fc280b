import { firstNonFinite, type Matrix } from "@lora/linalg";
import { type AdapterModule, type PairedWeight, readBaseWeight } from "@lora/peft";
import { locate, LoraError } from "@lora/tensor";

/** A module with the weight it changes, and the file that weight is in. */
export interface WeightPlace {
  readonly module: AdapterModule;
  readonly pair: PairedWeight;
  /** Name of the base. */
  readonly file: string;
}

/**
 * Reads the base weight of a module, in f32.
 *
 * @throws LoraError NUMERIC naming file, tensor and index of the first value that is NaN or infinite; as
 * `readBaseWeight` does
 */
export async function finiteBaseWeight({ module, pair, file }: WeightPlace): Promise<Matrix> {
  return locate({ file, tensor: pair.name, module: module.name }, async () => {
    const weight = await readBaseWeight(pair, module, { as: "f32" });
    const at = firstNonFinite(weight);
    if (at < 0) return weight;
    throw new LoraError("NUMERIC", `value ${at} of the base weight is ${weight.data[at]}`, {
      index: at,
      advice: "fetch the base model again, or give the one this adapter was trained on",
    });
  });
}

import type { ExtraTensor } from "@lora/peft";
import { LoraError } from "@lora/tensor";

/** Whether a tensor takes the place of one of the base: PEFT's `modules_to_save`, and biases that were trained. */
export function isKeptWhole({ why }: Pick<ExtraTensor, "why">): boolean {
  return /^saved whole|^bias trained/u.test(why);
}

/** The name that PEFT's model without adapters has for a tensor that was kept whole. */
export function targetName(name: string): string {
  return name
    .replace(/^base_model\.model\./u, "")
    .replace(/\.(?:modules_to_save(?:\.default)?|base_layer)\./u, ".");
}

/** Of two tensors that take the place of the same one no sum is right, and none can be dropped in silence. */
export function replacedTwice(target: string, [other, file]: readonly [string, string]): LoraError {
  return new LoraError("UNSUPPORTED", `two adapters replace ${target}, and one model has place for one`, {
    tensor: target,
    file,
    other,
    advice: "merge one of them into its base first, or save it again without modules_to_save",
  });
}

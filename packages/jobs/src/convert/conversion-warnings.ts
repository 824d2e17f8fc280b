import type { TensorFile } from "@lora/tensor";
import { scalesOutputs } from "../merge/merge-plan.ts";
import { carriesExtras, type Conversion } from "./conversion.ts";

/** What is known of the adapter and stays true, and what a plain LoRA cannot do. */
export function conversionWarnings(conversion: Conversion): string[] {
  const { adapter, plan, written, options } = conversion;
  const isCut =
    (options.rank !== undefined || options.error !== undefined) &&
    written.some(({ magnitudes }) => magnitudes !== undefined);
  const kept = adapter.warnings.filter(
    (warning) =>
      !warning.includes("carried unchanged") &&
      (isCut || !warning.includes("DoRA magnitudes are kept")) &&
      // Else they are among what was dropped.
      (carriesExtras(conversion) || !warning.includes("they are part of no product here")),
  );
  const multiplied = adapter.modules.filter(
    (module) => scalesOutputs(module) && hasBias(options.base, plan.weights.get(module.name)?.name),
  );
  const [first] = multiplied;
  if (first === undefined) return kept;
  const count = multiplied.length === 1 ? "1 bias" : `${multiplied.length} biases`;
  return [...kept, `(IA)³ multiplies ${count} too, which no plain LoRA does: that of ${first.name}`];
}

function hasBias(base: TensorFile | undefined, weight: string | undefined): boolean {
  return weight?.endsWith(".weight") === true && base!.tensors.has(weight.replace(/weight$/u, "bias"));
}

import type { TensorFile } from "@lora/tensor";
import { scalesOutputs } from "../merge/merge-plan.ts";
import type { Conversion } from "./conversion.ts";

/** What is known of the adapter and stays true, and what a plain LoRA cannot do. */
export function conversionWarnings({ adapter, plan, written, options }: Conversion): string[] {
  const isCut =
    (options.rank !== undefined || options.error !== undefined) &&
    written.some(({ magnitudes }) => magnitudes !== undefined);
  const kept = adapter.warnings.filter(
    (warning) =>
      !warning.includes("carried unchanged") && (isCut || !warning.includes("DoRA magnitudes are kept")),
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

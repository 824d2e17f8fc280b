import type { LoraConfig } from "@lora/peft";
import { LoraError, type TensorFile } from "@lora/tensor";

/**
 * The modules of a base that a configuration means, in the order of the file.
 *
 * @throws LoraError MISSING when there are none
 */
export function targetNames(base: TensorFile, { target_modules: targets }: LoraConfig): string[] {
  const names = [...base.tensors].flatMap(([name, { shape }]) =>
    name.endsWith(".weight") && shape.length > 1 ? [name.slice(0, -".weight".length)] : [],
  );
  const list = typeof targets === "string" ? [targets] : (targets ?? []);
  const found = names.filter((name) => list.some((target) => name === target || name.endsWith(`.${target}`)));
  if (found.length > 0) return found;
  throw new LoraError("MISSING", `no module of the base is one of ${list.join(", ")}`, { file: base.name });
}

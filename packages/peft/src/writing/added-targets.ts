import type { TensorFile } from "@lora/tensor";
import { parseObject, withFields } from "../config/json-text.ts";
import { PEFT_CONFIG } from "../config/lora-config-text.ts";
import { numberSpellings } from "../config/number-spellings.ts";
import { pythonJson } from "../config/python-json.ts";

/**
 * The side files of an adapter that has more modules than before: PEFT's configuration names every module by its full
 * path, which holds whatever restricted them (patterns, layers). The same map where there is no configuration.
 *
 * @param paths of all modules in the base model
 */
export function addedTargets(
  { sidecars }: TensorFile,
  paths: readonly string[],
): ReadonlyMap<string, string> {
  const text = sidecars.get(PEFT_CONFIG);
  if (text === undefined) return sidecars;
  const fields = withFields(parseObject(text, PEFT_CONFIG), {
    target_modules: [...new Set(paths)].sort(),
    layers_to_transform: null,
    layers_pattern: null,
  });
  const updated = pythonJson(fields, { sorted: false, spellings: numberSpellings(text) });
  return new Map(sidecars).set(PEFT_CONFIG, updated);
}

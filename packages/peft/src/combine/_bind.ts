import { LoraError } from "@lora/tensor";
import { nameAdvice } from "../rank/_nearest.ts";
import { combineMethods } from "./_index.ts";
import type { CombineMethod, CombineOptions, CombineRule } from "./_method.ts";

/** A method, and its rule with the options bound. */
export interface BoundMethod {
  readonly method: CombineMethod;
  readonly rule: CombineRule;
}

/**
 * The method of this name with its options.
 *
 * @throws LoraError USAGE when there is none, it does not take an option, or an option breaks its rule
 */
export function bindCombineMethod(id: string, options: CombineOptions = {}): BoundMethod {
  const method = combineMethods.find((candidate) => candidate.id === id);
  if (method === undefined) {
    const names = combineMethods.map((known) => known.id);
    const plain = id.replace(/_svd$/, "");
    throw new LoraError("USAGE", `no method of combining is called ${id}`, {
      method: id,
      advice: names.includes(plain)
        ? `${plain} works on updates already; for PEFT's ${id} give --compat peft`
        : nameAdvice(id, names),
    });
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || (method.options as readonly string[]).includes(name)) continue;
    throw new LoraError("USAGE", `the method ${id} takes no ${name}`, {
      option: name,
      advice: method.options.length === 0 ? "leave it out" : `it takes ${method.options.join(", ")}`,
    });
  }
  return { method, rule: method.bind(options) };
}

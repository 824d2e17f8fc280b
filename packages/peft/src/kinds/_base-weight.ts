import type { Float64Matrix } from "@lora/linalg";
import { toFloat64 } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { AdapterModule } from "../adapter.ts";
import type { Kind, LoadOptions } from "./_kind.ts";

/**
 * The weight that a module changes.
 *
 * @throws LoraError MISSING when it was not given; SHAPE when its sizes are not those of the module
 */
export function demandBase(
  { title }: Pick<Kind, "title">,
  module: AdapterModule,
  { base }: LoadOptions,
): Float64Matrix {
  if (base === undefined) throw withoutBase(title, module);
  const [out = 0, ...inner] = module.shape;
  const cols = inner.reduce((product, size) => product * size, 1);
  if ((out === 0 || out === base.rows) && (cols === 0 || cols === base.cols)) return toFloat64(base);
  throw new LoraError(
    "SHAPE",
    `the module is for ${out || "any number of"} outputs and ${cols || "any number of"} inputs, the weight is ${base.rows} × ${base.cols}`,
    { module: module.name, shape: module.shape, base: [base.rows, base.cols] },
  );
}

/** The error for a module whose change is a function of a weight that is not there. */
export function withoutBase(title: string, module: Pick<AdapterModule, "name">): LoraError {
  return new LoraError("MISSING", `what ${title} changes depends on the weight it changes`, {
    module: module.name,
    advice:
      "needs --base: merge it into its base, or convert it to a plain LoRA with the base, and go on with that",
  });
}

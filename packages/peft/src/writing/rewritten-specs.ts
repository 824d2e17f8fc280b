import type { DType, TensorSpec } from "@lora/tensor";
import type { Adapter, AdapterModule } from "../adapter.ts";
import { planRewrite } from "./plan-rewrite.ts";

/** How a rewritten file would be made, without its values. */
export interface RewrittenSpecsOptions {
  /** Type of new factors; as stored when left out. */
  readonly dtype?: ((module: AdapterModule) => DType) | undefined;
  /** Added to the file's own metadata; wins over it. */
  readonly metadata?: ReadonlyMap<string, string> | undefined;
}

/** The header of a file that is not there yet. */
export interface RewrittenSpecs {
  /** In the order of the file. Carried tensors are the `LazyTensor`s of the old file, which know their bytes. */
  readonly specs: readonly (readonly [name: string, spec: TensorSpec])[];
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * The names, types, shapes and metadata that `rewriteAdapter` would give a file at these ranks: enough for its
 * exact size. No values are read.
 *
 * @param ranks by module name: 0 drops the module; one that is not named stays as it is
 * @throws LoraError USAGE as `rewriteAdapter` does
 */
export function rewrittenSpecs(
  adapter: Adapter,
  ranks: ReadonlyMap<string, number>,
  options: RewrittenSpecsOptions = {},
): RewrittenSpecs {
  const dtypes = new Map(
    adapter.modules.map((module) => [module.name, options.dtype?.(module) ?? module.dtype]),
  );
  // A name that is no module is refused by the plan, which then asks for no type.
  const sizes = new Map([...ranks].map(([name, rank]) => [name, { rank, dtype: dtypes.get(name) ?? "f32" }]));
  const { tensors, texts } = planRewrite(adapter, sizes);
  return {
    specs: [...tensors].map(([name, planned]) => [
      name,
      planned.from === "file" ? planned.tensor : planned.spec,
    ]),
    metadata: new Map([...texts.metadata, ...(options.metadata ?? [])]),
  };
}

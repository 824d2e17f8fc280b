import type { LazyTensor, TensorFile } from "@lora/tensor";
import { LoraError, tensorFile, tensorOfValues } from "@lora/tensor";
import type { Adapter } from "../adapter.ts";
import { factorTensor } from "./factor-tensor.ts";
import type { FactorSource, ModuleChange } from "./module-change.ts";
import type { PlannedSize } from "./plan-rewrite.ts";
import type { PlannedTensor } from "./planned-parts.ts";
import { transposedBytes } from "./transposed-bytes.ts";
import { planRewrite } from "./plan-rewrite.ts";

export interface RewriteOptions {
  /** What to call the new file in messages; the old name when left out. */
  readonly name?: string | undefined;
  /** Added to the file's own metadata; wins over it. */
  readonly metadata?: ReadonlyMap<string, string> | undefined;
}

/**
 * The file of an adapter with some of its modules dropped or replaced. Names and their order stay; what is not
 * changed is carried as the same tensors, byte for byte. New alphas keep alpha / rank (alpha / √rank for rsLoRA),
 * PEFT's configuration and trainers' metadata say the new ranks. Values are worked out when the file is written.
 *
 * @param changes by module name
 * @throws LoraError USAGE when a name is no module, or a rank is not a whole number ≥ 1
 */
export function rewriteAdapter(
  adapter: Adapter,
  changes: ReadonlyMap<string, ModuleChange>,
  options: RewriteOptions = {},
): TensorFile {
  const sizes = new Map([...changes].map(([module, change]) => [module, sizeOf(module, change)]));
  const { tensors, texts } = planRewrite(adapter, sizes);
  const sources = factorSources(tensors, changes);
  return tensorFile({
    name: options.name ?? adapter.file.name,
    tensors: [...tensors].map(([name, planned]) => [name, lazyTensor(name, planned, sources)] as const),
    metadata: [...texts.metadata, ...(options.metadata ?? [])],
    sidecars: texts.sidecars,
  });
}

/** Where the factors of each replaced module come from, by module name. */
type FactorSources = ReadonlyMap<string, FactorSource>;

function factorSources(
  tensors: ReadonlyMap<string, PlannedTensor>,
  changes: ReadonlyMap<string, ModuleChange>,
): FactorSources {
  const sources = new Map<string, FactorSource>();
  for (const planned of tensors.values()) {
    if (planned.from !== "factors") continue;
    const { module, scale } = planned.written;
    const change = changes.get(module.name);
    if (change?.kind === "replace" && !sources.has(module.name))
      sources.set(module.name, change.factors(scale));
  }
  return sources;
}

function sizeOf(module: string, change: ModuleChange): PlannedSize {
  // A dropped module has no tensors, so its type is never asked for.
  if (change.kind === "drop") return { rank: 0, dtype: "f32" };
  if (change.rank > 0) return { rank: change.rank, dtype: change.dtype };
  throw new LoraError("USAGE", `a module cannot be replaced at rank ${change.rank}`, {
    module,
    rank: change.rank,
    advice: "drop the module instead",
  });
}

function lazyTensor(name: string, planned: PlannedTensor, sources: FactorSources): LazyTensor {
  if (planned.from === "file") return planned.tensor;
  if (planned.from === "alpha")
    return tensorOfValues([planned.value], planned.spec.dtype, planned.spec.shape);
  const { part, transposed, written, spec } = planned;
  const source = sources.get(written.module.name)!;
  const [stored = 0, columns = 0] = spec.shape;
  return factorTensor(name, spec, async () => {
    const bytes = (await source())[part];
    return transposed ? transposedBytes(bytes, columns, stored) : bytes;
  });
}

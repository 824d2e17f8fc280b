import type { TensorFile } from "@lora/tensor";
import type { Dialect, WrittenModule } from "./_dialect.ts";
import { endingDialect } from "./_ending-dialect.ts";
import type { PlacePrefix } from "./_places.ts";

const PREFIXES: readonly PlacePrefix[] = [
  ["unet:", "unet"],
  ["text_encoder:", "te1"],
];

/** Modules by number, `unet:0:up`, in the order in which the model has them. The scale is 1 without an alpha. */
export const cloneofsimo: Dialect = {
  ...endingDialect({
    id: "cloneofsimo",
    title: "cloneofsimo/lora (numbered modules)",
    source: "https://github.com/cloneofsimo/lora lora_diffusion/lora.py",
    distinct: true,
    spellings: [{ id: "numbered", endings: { down: ":down", up: ":up", alpha: ":alpha" } }],
    prefixes: PREFIXES,
    weight: 1,
    reads: (module) => /^(?:unet|text_encoder):\d+$/.test(module),
  }),
  texts: (file, modules) => ({ metadata: updatedRanks(file, modules), sidecars: file.sidecars }),
};

/** The rank of each module is kept as `unet:0:rank`. */
function updatedRanks(file: TensorFile, modules: readonly WrittenModule[]): ReadonlyMap<string, string> {
  const metadata = new Map(file.metadata);
  for (const { module, rank } of modules) {
    const key = `${module.name}:rank`;
    if (metadata.has(key)) metadata.set(key, String(rank));
  }
  return metadata;
}

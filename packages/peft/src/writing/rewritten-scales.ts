import type { Adapter, AdapterModule } from "../adapter.ts";
import { dialectOf } from "../dialect-of.ts";
import { writtenPair } from "./written-module.ts";

/**
 * What readers multiply the factors of a module with, were it written again at a rank: what `rewriteAdapter` asks for
 * factors with, known before a file is laid out.
 */
export function rewrittenScales(adapter: Adapter): (module: AdapterModule, rank: number) => number {
  const scaling = dialectOf(adapter).scaling(adapter.file);
  return (module, rank) => writtenPair(module, rank, scaling).scale;
}

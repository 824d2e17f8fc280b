import type { Svd } from "@lora/linalg";
import { type AdapterModule, loadDelta } from "@lora/peft";
import { locate } from "@lora/tensor";

/** Singular value decompositions of an adapter's updates, made when asked for. */
export interface Decompositions {
  svd(module: AdapterModule, signal?: AbortSignal): Promise<Svd>;
}

/**
 * Keeps decompositions until `budgetBytes` are used; later ones are made again at each call. The first stay,
 * because every pass runs over the modules in the same order: evicting the oldest would keep none.
 *
 * @param file name of the adapter, for errors
 */
export function decompositions(budgetBytes: number, file: string): Decompositions {
  const kept = new Map<string, Svd>();
  let usedBytes = 0;
  return {
    async svd(module, signal) {
      const known = kept.get(module.name);
      if (known !== undefined) return known;
      const svd = await locate({ file, module: module.name }, async () =>
        (await loadDelta(module, signal)).svd(),
      );
      const bytes = svd.u.data.byteLength + svd.s.byteLength + svd.v.data.byteLength;
      if (usedBytes + bytes <= budgetBytes) {
        usedBytes += bytes;
        kept.set(module.name, svd);
      }
      return svd;
    },
  };
}

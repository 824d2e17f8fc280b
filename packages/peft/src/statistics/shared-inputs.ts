import type { Matrix } from "@lora/linalg";
import type { ActivationBatch } from "./activation-source.ts";
import { countedTokens } from "./counted-tokens.ts";

/**
 * Which modules are fed the same: for each, the first module whose counted inputs in this batch are equal to its own to
 * the last bit. Query, key and value of an attention share theirs, and one decomposition does for all.
 */
export function sharedInputs(
  modules: readonly string[],
  batch: ActivationBatch,
): ReadonlyMap<string, string> {
  const firsts = new Map<number, { readonly name: string; readonly inputs: Matrix }[]>();
  return new Map(
    modules.map((name) => {
      const inputs = countedTokens(batch, name);
      const key = hashOf(inputs);
      const candidates = firsts.get(key) ?? [];
      const equal = candidates.find((candidate) => sameValues(candidate.inputs, inputs));
      if (equal !== undefined) return [name, equal.name];
      firsts.set(key, [...candidates, { name, inputs }]);
      return [name, name];
    }),
  );
}

function sameValues(a: Matrix, b: Matrix): boolean {
  if (a.data === b.data) return true;
  return a.rows === b.rows && a.cols === b.cols && a.data.every((value, i) => value === b.data[i]);
}

/** FNV-1a over the bytes, four at a time. */
function hashOf({ data }: Matrix): number {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}

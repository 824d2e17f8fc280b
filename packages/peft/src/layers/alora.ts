import { addTo, branch } from "./plain.ts";
import type { Variant } from "./variant.ts";

/**
 * aLoRA: the adapter acts from the tokens that invoke it to the end of the sequence, so that what was calculated for
 * the tokens before stays good. Without offsets it does not act.
 *
 * @see Greenewald et al. 2025, arXiv 2504.12397
 */
export const alora: Variant = {
  id: "alora",
  kinds: ["linear", "hf-conv1d"],
  unmergeable: "aLoRA acts on the end of a sequence only",
  forward(step) {
    const { y, tokens, adapter, invoked } = step;
    const rows = Array.from({ length: tokens.count }, (_, row) => row).filter((row) => invoked(row));
    if (rows.length === 0) return;
    const change = branch({ ...step, tokens: tokens.pick(rows) });
    const own = adapter.tensors.bias?.data;
    rows.forEach((row, i) => {
      const target = { rows: 1, cols: y.cols, data: y.data.subarray(row * y.cols, (row + 1) * y.cols) };
      const source = change.data.subarray(i * y.cols, (i + 1) * y.cols);
      addTo(target, { rows: 1, cols: y.cols, data: source }, adapter.scale);
      if (own !== undefined) addTo(target, { rows: 1, cols: y.cols, data: own }, adapter.scale);
    });
  },
};

/**
 * How many tokens at the end of each sequence an aLoRA acts on: from the start of the last occurrence of its
 * invocation to the end. Null where the sequence does not occur.
 *
 * @param sequences token ids of each sample
 */
export function aloraOffsets(
  sequences: readonly ArrayLike<number>[],
  invocation: readonly number[],
): (number | null)[] {
  return sequences.map((sequence) => {
    if (invocation.length === 0) return null;
    for (let start = sequence.length - invocation.length; start >= 0; start--) {
      if (invocation.every((token, i) => sequence[start + i] === token)) return sequence.length - start;
    }
    return null;
  });
}

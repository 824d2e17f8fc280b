import type { AdapterPair } from "@lora/jobs";

/** Cosines of each two of `count` adapters: symmetric, 1 on the diagonal, null where a pair shares no weight. */
export function cosineMatrix(count: number, pairs: readonly AdapterPair[]): (number | null)[][] {
  const matrix = Array.from({ length: count }, (_, a) =>
    Array.from({ length: count }, (__, b): number | null => (a === b ? 1 : null)),
  );
  for (const { a, b, cosine } of pairs) matrix[a]![b] = matrix[b]![a] = cosine;
  return matrix;
}

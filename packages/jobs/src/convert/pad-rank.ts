import { byteCount, type DType } from "@lora/tensor";

/** Encoded factors of a product. */
export interface PaddedFactors {
  readonly up: Uint8Array;
  readonly down: Uint8Array;
  readonly rank: number;
}

/** The same product with pairs of zeros at the end, whose bytes are zero in every stored type. */
export function paddedTo<T extends PaddedFactors & { readonly dtype: DType }>(factors: T, rank: number): T {
  const { up, down, rank: before, dtype } = factors;
  if (rank === before) return factors;
  const size = byteCount({ dtype, shape: [1] });
  const [narrow, wide] = [before * size, rank * size];
  const rows = up.length / narrow;
  const paddedUp = new Uint8Array(rows * wide);
  for (let row = 0; row < rows; row++)
    paddedUp.set(up.subarray(row * narrow, (row + 1) * narrow), row * wide);
  const paddedDown = new Uint8Array((down.length / before) * rank);
  paddedDown.set(down);
  return { ...factors, up: paddedUp, down: paddedDown, rank };
}

import type { LazyTensor } from "@lora/tensor";
import { encode, readValues } from "@lora/tensor";

/** Rows that take the place of others. */
export interface OtherRows {
  /** One row for each of `rows`. */
  readonly tensor: LazyTensor;
  readonly rows: readonly number[];
}

/** A tensor with other values in some rows, in its own type: tokens of an embedding that were trained by themselves. Lazy. */
export function withRows(base: LazyTensor, { tensor, rows }: OtherRows): LazyTensor {
  const { dtype, shape, byteLength } = base;
  const size = byteLength / (shape[0] ?? 1);
  return {
    dtype,
    shape,
    byteLength,
    async bytes(range = [0, shape[0] ?? 0], signal?: AbortSignal) {
      const result = (await base.bytes(range, signal)).slice();
      const trained = encode(await readValues(tensor, { signal }), dtype);
      rows.forEach((row, i) => {
        if (row < range[0] || row >= range[1]) return;
        result.set(trained.subarray(i * size, (i + 1) * size), (row - range[0]) * size);
      });
      return result;
    },
  };
}

import type { LazyTensor } from "@lora/tensor";
import { encode, LoraError, readValues } from "@lora/tensor";
import type { KeptPart } from "./kept-part.ts";

/**
 * Puts what adapters keep in the place of the base's tensors, or of their rows in the type of the base. Names that were one tensor
 * stay one.
 *
 * @param tensors are changed
 * @throws LoraError MISSING when there is no tensor whose rows could be replaced
 */
export function putIntoBase(tensors: Map<string, LazyTensor>, parts: readonly KeptPart[]): void {
  for (const { tensor, targets, rows } of parts) {
    const [first = ""] = targets;
    const next = rows === undefined ? tensor : withRows(demandTensor(tensors, first), { tensor, rows });
    for (const name of targets) tensors.set(name, next);
  }
}

function demandTensor(tensors: ReadonlyMap<string, LazyTensor>, name: string): LazyTensor {
  const found = tensors.get(name);
  if (found !== undefined) return found;
  throw new LoraError("MISSING", `the base has no ${name} whose tokens could be replaced`, { tensor: name });
}

/** The tensor with other values in some rows. Read when it is. */
function withRows(
  { dtype, shape, byteLength, bytes }: LazyTensor,
  { tensor, rows }: { readonly tensor: LazyTensor; readonly rows: readonly number[] },
): LazyTensor {
  const size = byteLength / (shape[0] ?? 1);
  return {
    dtype,
    shape,
    byteLength,
    async bytes(range = [0, shape[0] ?? 0], signal?: AbortSignal) {
      const result = (await bytes(range, signal)).slice();
      const trained = encode(await readValues(tensor), dtype);
      rows.forEach((row, i) => {
        if (row < range[0] || row >= range[1]) return;
        result.set(trained.subarray(i * size, (i + 1) * size), (row - range[0]) * size);
      });
      return result;
    },
  };
}

import type { LazyTensor } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { KeptPart } from "./kept-part.ts";
import { withRows } from "./with-rows.ts";

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

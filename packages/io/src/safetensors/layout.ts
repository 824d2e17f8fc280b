import { LoraError } from "@lora/tensor";
import type { Entry } from "./entry.ts";

/**
 * Sorts the entries by their place in the data and checks that they cover it exactly, as the format
 * demands: no byte belongs to two tensors, or to none.
 *
 * @param dataBytes bytes of the file behind the header
 * @throws LoraError FORMAT when tensors overlap, leave holes, reach past the end or end before it
 */
export function inOrderOfData(entries: readonly Entry[], dataBytes: number): Entry[] {
  const ordered = [...entries].sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  let before = "";
  for (const { name, from, to } of ordered) {
    const facts = { tensor: name, from, to };
    if (to > dataBytes) {
      throw new LoraError("FORMAT", `the tensor ends at byte ${to} of the data, which has ${dataBytes}`, {
        ...facts,
        advice: "the file was cut off: copy or download it again",
      });
    }
    if (from < end) {
      throw new LoraError(
        "FORMAT",
        `the tensor starts at byte ${from} of the data, inside "${before}"`,
        facts,
      );
    }
    if (from > end)
      throw new LoraError("FORMAT", `bytes ${end} to ${from} of the data belong to no tensor`, facts);
    end = to;
    before = name;
  }
  if (end < dataBytes)
    throw new LoraError("FORMAT", `${dataBytes - end} bytes follow the last tensor`, { end });
  return ordered;
}

import { LoraError } from "@lora/tensor";
import type { EntryTable } from "./entry-table.ts";

/**
 * Sorts the entries by their place in the data and checks that they cover it exactly, as the format
 * demands: no byte belongs to two tensors, or to none.
 *
 * @param dataBytes bytes of the file behind the header
 * @returns their numbers, in this order
 * @throws LoraError FORMAT when tensors overlap, leave holes, reach past the end or end before it
 */
export function inOrderOfData(entries: EntryTable, dataBytes: number): Uint32Array {
  const ordered = entries.inOrderOfData();
  let end = 0;
  for (const [place, index] of ordered.entries()) {
    const [from, to] = entries.span(index);
    if (to > dataBytes || from !== end) {
      throw misplaced(entries, { index, before: ordered[place - 1], end, dataBytes });
    }
    end = to;
  }
  if (end < dataBytes)
    throw new LoraError("FORMAT", `${dataBytes - end} bytes follow the last tensor`, { end });
  return ordered;
}

interface Misplaced {
  readonly index: number;
  /** The entry in front of it. */
  readonly before: number | undefined;
  /** Where that one ends. */
  readonly end: number;
  readonly dataBytes: number;
}

function misplaced(entries: EntryTable, { index, before, end, dataBytes }: Misplaced): LoraError {
  const [from, to] = entries.span(index);
  const facts = { tensor: entries.name(index), from, to };
  if (to > dataBytes) {
    return new LoraError("FORMAT", `the tensor ends at byte ${to} of the data, which has ${dataBytes}`, {
      ...facts,
      advice: "the file was cut off: copy or download it again",
    });
  }
  if (from > end)
    return new LoraError("FORMAT", `bytes ${end} to ${from} of the data belong to no tensor`, facts);
  const inside = before === undefined ? "" : entries.name(before);
  return new LoraError("FORMAT", `the tensor starts at byte ${from} of the data, inside "${inside}"`, facts);
}

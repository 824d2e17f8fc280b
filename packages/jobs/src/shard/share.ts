import { LoraError } from "@lora/tensor";

/** One of several runs that share the work of a job: the `index`-th of `count`, from 1. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

/** Something that one run works on whole. */
export interface Unit {
  readonly name: string;
  readonly bytes: number;
}

/**
 * The units of a share: a run of neighbours, as many bytes in each share as whole units allow. A unit belongs to the share
 * in which its middle byte lies, so the split follows from names, sizes and their order alone, and no run has to ask another.
 *
 * @throws LoraError USAGE unless index and count are whole numbers, 1 ≤ index ≤ count
 */
export function ownedUnits(units: readonly Unit[], share: Share): ReadonlySet<string> {
  const { index, count } = checkedShare(share);
  const total = units.reduce((sum, { bytes }) => sum + bytes, 0);
  const owned = new Set<string>();
  let start = 0;
  for (const { name, bytes } of units) {
    const middle = total === 0 ? 0 : (start + bytes / 2) / total;
    if (Math.min(count - 1, Math.floor(middle * count)) === index - 1) owned.add(name);
    start += bytes;
  }
  return owned;
}

function checkedShare(share: Share): Share {
  const { index, count } = share;
  if (Number.isInteger(index) && Number.isInteger(count) && 1 <= index && index <= count) return share;
  throw new LoraError("USAGE", `there is no share ${index} of ${count}`, {
    advice: "count shares from 1, e.g. 1/4, 2/4, 3/4 and 4/4",
  });
}

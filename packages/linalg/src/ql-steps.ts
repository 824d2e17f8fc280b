import { LoraError } from "@lora/tensor";

/** Steps for one eigenvalue after which the method is said to have failed; two are usual. */
const MOST_STEPS = 60;

/** Steps for one eigenvalue after which rounding is measured by the whole matrix, since its neighbours are rounding too. */
const PATIENCE = 30;

/** What is done to a tridiagonal matrix whose entries are at most 2. */
export interface QlSteps {
  /** What counts as zero beside the largest entry, however small its neighbours are. */
  readonly least: number;
  /** The first index from `first` on that is coupled to its successor by no more than rounding, `rounding` at least. */
  endOfBlock(first: number, rounding: number): number;
  /** One step on the block `first` … `last`. */
  step(first: number, last: number): void;
}

/**
 * Takes QL steps until none of `count` values is coupled to its successor.
 *
 * @throws LoraError NUMERIC when it does not converge
 */
export function takeQlSteps(count: number, { least, endOfBlock, step }: QlSteps): void {
  for (let first = 0; first < count; first++) {
    for (let taken = 0; ; taken++) {
      const last = endOfBlock(first, taken < PATIENCE ? least : Number.EPSILON);
      if (last === first) break;
      if (taken === MOST_STEPS) {
        throw new LoraError("NUMERIC", `eigenvalue ${first} did not converge in ${MOST_STEPS} steps`);
      }
      step(first, last);
    }
  }
}

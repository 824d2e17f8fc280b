import { type AnyMatrix, type Engine, isStoredType, strided, type SumFacts } from "@lora/linalg";
import { DTYPES, type DType } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";
import { addWide } from "./add-wide.ts";

/** DoRA's part in a block: what the sum is multiplied with, for each row or each `group` of columns. */
export interface PostedFactors {
  readonly values: Float64Array;
  readonly axis: "rows" | "cols";
  readonly group: number;
  /** 1 for all of it, 0 for the weight as it was. */
  readonly weight: number;
}

/** An update of some rows of a block. */
export interface PostedRows {
  /** The first byte of the rows in the block. */
  readonly at: number;
  readonly left: AnyMatrix;
  /** Undefined where `left` is the update itself. */
  readonly right: AnyMatrix | undefined;
  readonly alpha: number;
  readonly factors: PostedFactors | undefined;
  /** Round the update to the stored type before it is added. */
  readonly roundProduct: boolean;
}

/** Some rows of a base tensor and what is added to them. */
export interface AddInput {
  /** They are at its start; it is moved to the worker and back. */
  readonly memory: Uint8Array;
  readonly bytes: number;
  readonly dtype: DType;
  readonly parts: readonly PostedRows[];
}

/** What was added to, and how much, where the update itself does not say. */
export interface AddedFacts extends SumFacts {
  readonly addedSquares?: number;
}

/** The same memory with the sums in it. */
export interface AddResult {
  readonly memory: Uint8Array;
  readonly facts: readonly AddedFacts[];
}

/** Adds low-rank updates to rows as they are stored. */
export const addRows: PoolTask<AddInput, AddResult> = {
  name: "add",
  run: ({ memory, bytes, dtype, parts }, engine) => {
    const stored = memory.subarray(0, bytes);
    return { memory, facts: parts.map((part) => addPart(stored, dtype, { part, engine })) };
  },
};

interface Part {
  readonly part: PostedRows;
  readonly engine: Engine;
}

function addPart(stored: Uint8Array, dtype: DType, { part, engine }: Part): AddedFacts {
  const { at, left, right, alpha, factors, roundProduct } = part;
  const size = (left.rows * (right ?? left).cols * DTYPES[dtype].bits) / 8;
  const bytes = stored.subarray(at, at + size);
  if (isStoredType(dtype) && factors === undefined && right !== undefined)
    return engine.addStored({ bytes, dtype, a: strided(left), b: strided(right), alpha, roundProduct });
  return addWide({ bytes, dtype, left, right, alpha, factors, roundProduct, engine });
}

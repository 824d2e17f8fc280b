import { type AnyMatrix, type StoredType, strided, type SumFacts } from "@lora/linalg";
import { DTYPES, type FilePlace, type FileTarget, LoraError } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";

/** Bytes that are read, added to and written at a time: they stay in the cache meanwhile. */
const BLOCK_BYTES = 2 ** 19;
/** What an engine begins rows at. */
const ROWS = 24;

/** Rows of a tensor in a file, what is added to them, and where they go. */
export interface AddInFileInput {
  readonly from: FilePlace;
  readonly to: FileTarget;
  readonly dtype: StoredType;
  readonly left: AnyMatrix;
  readonly right: AnyMatrix;
  readonly alpha: number;
  /** Round the update to the stored type before it is added. */
  readonly roundProduct: boolean;
}

/** Adds a low-rank update to rows on their way from one file to another: they pass through the engine's memory alone. */
export const addInFile: PoolTask<AddInFileInput, SumFacts> = {
  name: "add-in-file",
  run({ from, to, left, right, ...options }, engine, { files }) {
    if (files === undefined) throw new LoraError("UNSUPPORTED", "this worker does not reach files");
    const rowBytes = (right.cols * DTYPES[options.dtype].bits) / 8;
    const room = Math.min(left.rows, ROWS * Math.max(1, Math.round(BLOCK_BYTES / rowBytes / ROWS)));
    return files.writing(to, (write) =>
      engine.withStoredSum(
        { ...options, a: strided(left), b: strided(right), room },
        ({ memory, add, facts }) => {
          for (let first = 0; first < left.rows; first += room) {
            const count = Math.min(room, left.rows - first);
            const rows = memory.subarray(0, count * rowBytes);
            files.read({ ...from, position: from.position + first * rowBytes }, rows);
            add(first, count);
            write(rows);
          }
          return facts();
        },
      ),
    );
  },
};

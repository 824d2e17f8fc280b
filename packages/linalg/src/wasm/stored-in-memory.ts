import { checkMatrix } from "../check-matrix.ts";
import { firstNonFinite } from "../first-non-finite.ts";
import { readStored, type StoredMap, type StoredMatrix, type StoredSource } from "../stored-matrix.ts";
import { isFiniteBetween } from "./all-finite-in-memory.ts";
import { multiplyNormal, multiplyNormalInDoubles } from "./multiply-normal.ts";
import { withRoundedNormal } from "./multiply-rounded.ts";
import { multiplyStored } from "./multiply-stored.ts";
import { eachWide, holdStored } from "./stored-rows.ts";
import type { StoredRows } from "./stored-rows.ts";
import type { Workplace } from "./workplace.ts";

/** Runs `work` with a matrix that stays in the engine's memory as it is stored meanwhile. */
export function withStoredInMemory<T>(
  workplace: Workplace,
  a: StoredMatrix | StoredSource,
  work: (held: StoredMap) => T,
): T {
  if (!("read" in a)) checkMatrix(a, "a");
  return workplace.arena.scope(() => {
    const held = holdStored(workplace, a);
    return work({
      rows: a.rows,
      cols: a.cols,
      multiply: (x) => multiplyStored(workplace, held, x, false),
      multiplyTransposed: (x) => multiplyStored(workplace, held, x, true),
      multiplyNormal: (x, as = "f32") =>
        (as === "f32" ? multiplyNormal : multiplyNormalInDoubles)(workplace, held, x),
      withRoundedNormal: (then) => withRoundedNormal(workplace, held, then),
      sumOfSquares: () => sumOfSquares(workplace, held),
      firstNonFinite: () => (isFiniteBetween(workplace, held) ? -1 : firstNonFinite(readStored(a))),
    });
  });
}

function sumOfSquares(workplace: Workplace, held: StoredRows): number {
  let sum = 0;
  eachWide(workplace, held, ({ at, count, lineBytes }) => {
    sum += workplace.kernels.functions["sum_of_squares"](at, at + count * lineBytes);
  });
  return sum;
}

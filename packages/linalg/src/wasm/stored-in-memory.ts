import { checkMatrix } from "../check-matrix.ts";
import { firstNonFinite } from "../first-non-finite.ts";
import { readStored, type StoredMap, type StoredMatrix, type StoredSource } from "../stored-matrix.ts";
import { multiplyNormal, multiplyNormalInDoubles } from "./multiply-normal.ts";
import { withRoundedNormal } from "./multiply-rounded.ts";
import { multiplyStored } from "./multiply-stored.ts";
import { eachWide, holdStored } from "./stored-rows.ts";
import type { StoredRows } from "./stored-rows.ts";
import type { Workplace } from "./workplace.ts";

/** Bits of a value without its sign, and those of the largest finite one. */
const FINITE = {
  f32: [0x7fff_ffff, 0x7f7f_ffff],
  f16: [0x7fff, 0x7bff],
  bf16: [0x7fff, 0x7f7f],
} as const;

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
      firstNonFinite: () => (hasSpecial(workplace, held) ? firstNonFinite(readStored(a)) : -1),
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

function hasSpecial({ kernels }: Workplace, { at, end, dtype }: StoredRows): boolean {
  const bits = dtype === "f32" ? 32 : 16;
  return kernels.functions[`has_special_${bits}`](at, end, ...FINITE[dtype]) !== 0;
}

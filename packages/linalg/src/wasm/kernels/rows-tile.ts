import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code } from "../assembler/instructions.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set, store } from "../assembler/instructions.ts";
import type { TileShape } from "./gemm-tile.ts";
import { multiplyAdd } from "./lanes.ts";
import { placeRows } from "./place-rows.ts";

/** Terms a turn of the loop. */
const TERMS = 4;

/**
 * One tile of a · b where the rows of a lie as they are, `row` bytes apart, and b is a packed panel: what is multiplied
 * once, as a weight with a few columns, need not be packed. As many terms as are a multiple of four.
 */
export function rowsTile({ lanes, rows, cols, fused }: TileShape): WasmFunction {
  const vectors = cols / lanes.count;
  const bStep = cols * lanes.bytes;
  return defineFunction(
    {
      name: `rows_tile_${lanes.id}`,
      parameters: { a: "i32", row: "i32", b: "i32", bEnd: "i32", c: "i32", cRow: "i32" },
    },
    ({ a, row, b, bEnd, c, cRow }, local) => {
      const at = Array.from({ length: rows }, () => local("i32"));
      const sums = at.map(() => Array.from({ length: vectors }, () => local("v128")));
      const right = Array.from({ length: vectors }, () => local("v128"));
      const left = local("v128");
      const term = (k: number): Code =>
        sequence(
          ...right.map((each, v) => set(each, load("v128.load", get(b), k * bStep + 16 * v))),
          ...sums.map((rowSums, i) =>
            sequence(
              set(left, load(lanes.loadSplat, get(at[i]), k * lanes.bytes)),
              ...rowSums.map((sum, v) => multiplyAdd({ lanes, fused }, sum, left, right[v])),
            ),
          ),
        );
      // Sums begin as the zeros that locals are: an engine that joins vectors does not join those that are set to one.
      return sequence(
        placeRows(at, a, row),
        loopWhile(
          op("i32.lt_u", get(b), get(bEnd)),
          ...Array.from({ length: TERMS }, (_, k) => term(k)),
          ...at.map((each) => advance(each, i32(TERMS * lanes.bytes))),
          advance(b, i32(TERMS * bStep)),
        ),
        ...sums.flatMap((rowSums) => [
          ...rowSums.map((sum, v) => store("v128.store", get(c), get(sum), 16 * v)),
          advance(c, get(cRow)),
        ]),
      );
    },
  );
}

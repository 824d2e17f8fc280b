import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set, store } from "../assembler/instructions.ts";
import type { TileShape } from "./gemm-tile.ts";
import { multiplyAdd } from "./lanes.ts";

/**
 * One tile of c += a · b where a is a packed panel and the rows of b lie as they are, `row` bytes apart: the other way
 * round than `rowsTile`, for the transpose of a matrix that is not packed.
 */
export function columnsTile({ lanes, rows, cols, fused }: TileShape): WasmFunction {
  const vectors = cols / lanes.count;
  return defineFunction(
    {
      name: `columns_tile_${lanes.id}`,
      parameters: { a: "i32", aEnd: "i32", b: "i32", row: "i32", c: "i32", cRow: "i32" },
    },
    ({ a, aEnd, b, row, c, cRow }, local) => {
      const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => local("v128")));
      const right = Array.from({ length: vectors }, () => local("v128"));
      const [left, at] = [local("v128"), local("i32")];
      return sequence(
        set(at, get(c)),
        ...sums.flatMap((rowSums) => [
          ...rowSums.map((sum, v) => set(sum, load("v128.load", get(at), 16 * v))),
          advance(at, get(cRow)),
        ]),
        loopWhile(
          op("i32.lt_u", get(a), get(aEnd)),
          ...right.map((each, v) => set(each, load("v128.load", get(b), 16 * v))),
          ...sums.map((rowSums, i) =>
            sequence(
              set(left, load(lanes.loadSplat, get(a), i * lanes.bytes)),
              ...rowSums.map((sum, v) => multiplyAdd({ lanes, fused }, sum, left, right[v])),
            ),
          ),
          advance(a, i32(rows * lanes.bytes)),
          advance(b, get(row)),
        ),
        set(at, get(c)),
        ...sums.flatMap((rowSums) => [
          ...rowSums.map((sum, v) => store("v128.store", get(at), get(sum), 16 * v)),
          advance(at, get(cRow)),
        ]),
      );
    },
  );
}

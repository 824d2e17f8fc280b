import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import { advance, call, get, i32, loopWhile, op, sequence, set } from "../assembler/instructions.ts";
import type { TileShape } from "./gemm-tile.ts";

/**
 * All tiles of packed panels of `a` times packed panels of `b`: a panel of b stays in the L1 cache while those of
 * a pass by. The loop over terms is a function of its own, called often, because engines optimise a function
 * only for its next call.
 *
 * @param tile the index of the function of `gemmTile`
 */
export function gemmPanels({ lanes, rows, cols }: TileShape, tile: number): WasmFunction {
  return defineFunction(
    {
      name: `panels_${lanes.id}`,
      parameters: {
        a: "i32",
        aEnd: "i32",
        b: "i32",
        bEnd: "i32",
        c: "i32",
        cRow: "i32",
        terms: "i32",
        add: "i32",
      },
    },
    ({ a, aEnd, b, bEnd, c, cRow, terms, add }, local) => {
      const [left, target] = [local("i32"), local("i32")];
      return loopWhile(
        op("i32.lt_u", get(b), get(bEnd)),
        set(left, get(a)),
        set(target, get(c)),
        loopWhile(
          op("i32.lt_u", get(left), get(aEnd)),
          call(tile, get(left), get(b), get(terms), get(target), get(cRow), get(add)),
          advance(left, op("i32.mul", get(terms), i32(rows * lanes.bytes))),
          advance(target, op("i32.mul", get(cRow), i32(rows))),
        ),
        advance(b, op("i32.mul", get(terms), i32(cols * lanes.bytes))),
        sequence(advance(c, i32(cols * lanes.bytes))),
      );
    },
  );
}

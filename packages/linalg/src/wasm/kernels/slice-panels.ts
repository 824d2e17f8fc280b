import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import { advance, get, i32, load, loopWhile, op, set, store } from "../assembler/instructions.ts";
import type { TileShape } from "./gemm-tile.ts";

/**
 * Panels of columns of rows that lie as they are, `row` bytes apart: what `pack` makes of them, with whole vectors copied
 * and each row read from front to back.
 */
export function slicePanels({ lanes, cols }: TileShape): WasmFunction {
  const lineBytes = cols * lanes.bytes;
  return defineFunction(
    {
      name: `slice_panels_${lanes.id}`,
      parameters: { source: "i32", end: "i32", row: "i32", length: "i32", out: "i32", panelBytes: "i32" },
    },
    ({ source, end, row, length, out, panelBytes }, local) => {
      const [at, to, lineEnd] = [local("i32"), local("i32"), local("i32")];
      const vectors = Array.from({ length: lineBytes / 16 }, () => local("v128"));
      return loopWhile(
        op("i32.lt_u", get(source), get(end)),
        set(at, get(source)),
        set(to, get(out)),
        set(lineEnd, op("i32.add", get(source), get(length))),
        loopWhile(
          op("i32.lt_u", get(at), get(lineEnd)),
          ...vectors.map((each, v) => set(each, load("v128.load", get(at), 16 * v))),
          ...vectors.map((each, v) => store("v128.store", get(to), get(each), 16 * v)),
          advance(at, i32(lineBytes)),
          advance(to, get(panelBytes)),
        ),
        advance(source, get(row)),
        advance(out, i32(lineBytes)),
      );
    },
  );
}

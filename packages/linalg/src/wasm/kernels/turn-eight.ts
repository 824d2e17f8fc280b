import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Local } from "../assembler/instructions.ts";
import {
  advance,
  get,
  i32,
  load,
  loopWhile,
  op,
  sequence,
  set,
  shuffle,
  store,
} from "../assembler/instructions.ts";
import { placeRows } from "./place-rows.ts";

/** Lines, and terms, of a square that is turned. */
const SIDE = 8;

/** Values of sixteen bits of two vectors in turn: those of the lower halves, and those of the upper. */
const [LOWER, UPPER] = [0, SIDE].map((first) =>
  Array.from({ length: 16 }, (_, i) => first + 2 * (i >> 2) + (i & 1) + (i & 2 ? 16 : 0)),
);

/**
 * Eight lines of values of sixteen bits, `lineStep` bytes apart, side by side: value i of all of them, then value i + 1. Whole
 * squares of eight up to `end`, so that lines are read up to fourteen bytes too far.
 */
export function turnEight(): WasmFunction {
  return defineFunction(
    { name: "turn_eight", parameters: { source: "i32", lineStep: "i32", out: "i32", end: "i32" } },
    ({ source, lineStep, out, end }, local) => {
      const vectors = (): Local[] => Array.from({ length: SIDE }, () => local("v128"));
      const at = Array.from({ length: SIDE }, () => local("i32"));
      // Three times: values of lines that are four apart come side by side.
      const levels = Array.from({ length: 4 }, vectors);
      const steps = levels.slice(1).map((to, level) =>
        levels[level].slice(0, SIDE / 2).map((first, i) => {
          const [x, y] = [get(first), get(levels[level][i + SIDE / 2])];
          return sequence(set(to[2 * i], shuffle(x, y, LOWER)), set(to[2 * i + 1], shuffle(x, y, UPPER)));
        }),
      );
      return sequence(
        placeRows(at, source, lineStep),
        loopWhile(
          op("i32.lt_u", get(out), get(end)),
          ...levels[0].map((each, i) => set(each, load("v128.load", get(at[i])))),
          ...steps.flat(),
          ...levels[3].map((each, i) => store("v128.store", get(out), get(each), 16 * i)),
          ...at.map((each) => advance(each, i32(16))),
          advance(out, i32(16 * SIDE)),
        ),
      );
    },
  );
}

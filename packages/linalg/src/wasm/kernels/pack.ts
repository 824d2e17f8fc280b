import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code } from "../assembler/instructions.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set, store } from "../assembler/instructions.ts";
import type { Lanes } from "./lanes.ts";

/** From which type to which, and how many lines make a panel. */
export interface PackShape {
  readonly from: Lanes;
  readonly to: Lanes;
  readonly width: number;
  /** Of each eight lines the even ones first, as `StoredEight` has them. */
  readonly evenFirst?: boolean | undefined;
}

/** The name that a packing function is exported under. */
export function packName({ from, to, width, evenFirst = false }: PackShape): string {
  return `pack_${from.id}_${to.id}_${width}${evenFirst ? "_even" : ""}`;
}

/** Where a line has its place among those of a panel. */
export function lineInPanel(line: number, evenFirst: boolean): number {
  return evenFirst ? (line & ~7) + ((line & 7) >> 1) + 4 * (line & 1) : line;
}

/**
 * One panel: `width` lines (rows of a, columns of b) side by side, term after term, times alpha, widened where the
 * types differ. Both steps are given, so that transposing costs nothing. A panel that hangs over the edge repeats
 * its last line: what is calculated with it is never looked at.
 */
export function pack(shape: PackShape): WasmFunction {
  const { from, to, width, evenFirst = false } = shape;
  return defineFunction(
    {
      name: packName(shape),
      parameters: {
        source: "i32",
        out: "i32",
        end: "i32",
        lines: "i32",
        lineStep: "i32",
        termStep: "i32",
        alpha: to.id,
      },
    },
    ({ source, out, end, lines, lineStep, termStep, alpha }, local) => {
      const at = Array.from({ length: width }, () => local("i32"));
      const begin = at.map((each, i) => {
        const previous = i === 0 ? source : at[i - 1];
        const step = i === 0 ? i32(0) : op("i32.mul", get(lineStep), op("i32.lt_u", i32(i), get(lines)));
        return set(each, op("i32.add", get(previous), step));
      });
      const value = (index: number): Code => {
        const raw = load(from.load, get(at[index]));
        const wide = from.id === to.id ? raw : op("f64.promote_f32", raw);
        return op(to.id === "f32" ? "f32.mul" : "f64.mul", wide, get(alpha));
      };
      return sequence(
        ...begin,
        loopWhile(
          op("i32.lt_u", get(out), get(end)),
          ...at.map((_, i) => store(to.store, get(out), value(i), lineInPanel(i, evenFirst) * to.bytes)),
          ...at.map((each) => advance(each, get(termStep))),
          advance(out, i32(width * to.bytes)),
        ),
      );
    },
  );
}

import type { NewLocal, WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import {
  advance,
  get,
  i32,
  load,
  loopWhile,
  op,
  sequence,
  set,
  store,
  when,
} from "../assembler/instructions.ts";
import type { Lanes } from "./lanes.ts";
import { multiplyAdd } from "./lanes.ts";

/** A tile of a product that is kept in registers. */
export interface TileShape {
  readonly lanes: Lanes;
  readonly rows: number;
  /** A few vectors. */
  readonly cols: number;
  /** Fused multiply-add, of relaxed SIMD. */
  readonly fused: boolean;
}

/** Terms a turn of the loop: what counts and jumps is then small beside what multiplies. */
const UNROLLED = 4;

/**
 * c = a · b, or c += a · b where `add` is not 0, for one tile: `a` holds its rows column by column, `b` its
 * columns row by row, so that both are read from front to back.
 *
 * The order is what makes it fast, since compilers keep it: the vectors of b, then for each row one value
 * spread over a vector and at once all that is multiplied with it. 12 sums, 2 vectors of b and 1 of a are the
 * registers that x86-64 has; more rows would spill.
 */
export function gemmTile(shape: TileShape): WasmFunction {
  const { lanes } = shape;
  return defineFunction(
    {
      name: `tile_${lanes.id}`,
      parameters: { a: "i32", b: "i32", terms: "i32", c: "i32", cRow: "i32", add: "i32" },
    },
    ({ a, b, terms, c, cRow, add }, local) => {
      const { sums, addTerms } = tileSums(shape, local);
      return sequence(
        addTerms({ a, b, terms }),
        when(get(add), writeTile(sums, { c, cRow }, lanes.add), writeTile(sums, { c, cRow })),
      );
    },
  );
}

/** The sums of a tile, row by row, and what adds terms to them. */
export interface TileSums {
  readonly sums: readonly (readonly Local[])[];
  /** sums ← sums + a · b; moves both addresses on. */
  addTerms(factors: { readonly a: Local; readonly b: Local; readonly terms: Local }): Code;
}

/** The inner loop of a product, for functions that use the sums where they are. */
export function tileSums({ lanes, rows, cols, fused }: TileShape, local: NewLocal): TileSums {
  const vectors = cols / lanes.count;
  const [aStep, bStep] = [rows * lanes.bytes, cols * lanes.bytes];
  const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => local("v128")));
  const right = Array.from({ length: vectors }, () => local("v128"));
  const [left, end] = [local("v128"), local("i32")];
  return {
    sums,
    addTerms({ a, b, terms }) {
      const term = (k: number): Code =>
        sequence(
          ...right.map((each, v) => set(each, load("v128.load", get(b), k * bStep + 16 * v))),
          ...sums.map((row, i) =>
            sequence(
              set(left, load(lanes.loadSplat, get(a), k * aStep + i * lanes.bytes)),
              ...row.map((sum, v) => multiplyAdd({ lanes, fused }, sum, left, right[v])),
            ),
          ),
        );
      const loop = (count: number): Code =>
        loopWhile(
          op("i32.le_u", op("i32.add", get(a), i32(count * aStep)), get(end)),
          ...Array.from({ length: count }, (_, k) => term(k)),
          advance(a, i32(count * aStep)),
          advance(b, i32(count * bStep)),
        );
      return sequence(
        set(end, op("i32.add", get(a), op("i32.mul", get(terms), i32(aStep)))),
        loop(UNROLLED),
        loop(1),
      );
    },
  };
}

/** Row by row to c, which moves on by `cRow` bytes each; added to what is there where `add` says how. */
function writeTile(
  sums: readonly (readonly Local[])[],
  { c, cRow }: { readonly c: Local; readonly cRow: Local },
  add?: Lanes["add"],
): Code {
  return sequence(
    ...sums.map((row) =>
      sequence(
        // All of a row are read before any is written, which lets an engine join two vectors into one.
        ...(add === undefined
          ? []
          : row.map((sum, v) => set(sum, op(add, load("v128.load", get(c), 16 * v), get(sum))))),
        ...row.map((sum, v) => store("v128.store", get(c), get(sum), 16 * v)),
        advance(c, get(cRow)),
      ),
    ),
  );
}

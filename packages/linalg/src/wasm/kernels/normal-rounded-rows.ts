import type { NewLocal, WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import {
  advance,
  f32,
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
import { f32Lanes, multiplyAdd } from "./lanes.ts";
import { placeRows } from "./place-rows.ts";
import { totalOf } from "./sum-lanes.ts";

/** Rows a turn: pairs of them are multiplied with pairs of weights. */
const ROWS = 4;

/** Columns whose products are summed as whole numbers before they become f32; they share a scale of x. */
export const ROUNDED_COLUMNS = 64;

/** The largest value, of eight bits. */
export const LARGEST_VALUE = 127;

/** The largest component of x, of sixteen bits: sixteen products with values are summed in a lane of 32. */
export const LARGEST_COMPONENT = 32_767;

/** The largest weight of a row: four products with values are summed. */
const LARGEST_WEIGHT = 32_767;

/** Bytes of eight values, of as many components of x, and of what they become as f32. */
const [STEP, HALF, WIDE] = [8, 16, 32];

/** Times eight values a turn of the second loop. */
const UNROLLED = 2;

/**
 * z += wᵀ·(w·x) where wᵢⱼ is scaleᵢ times a whole number of eight bits: in each lane two of them are multiplied and added
 * at once, and what is read is half of f16. Rows are `row` bytes apart and a multiple of four, their values a multiple of 64. x is of whole
 * numbers of sixteen bits, with a scale (f32) for each 64; z is f32, and so are the squares of the scales of rows. The weights of four
 * rows, scaleᵢ · (w·x)ᵢ, are rounded to sixteen bits of the largest before the second product.
 */
export function normalRoundedRows(fused: boolean): WasmFunction {
  return defineFunction(
    {
      name: "normal_rounded_rows",
      parameters: {
        a: "i32",
        aEnd: "i32",
        row: "i32",
        squares: "i32",
        x: "i32",
        xScales: "i32",
        z: "i32",
        zEnd: "i32",
      },
    },
    ({ a, aEnd, row, squares, x, xScales, z, zEnd }, local) => {
      const turn = {
        fused,
        at: four(local, "i32"),
        rowEnd: local("i32"),
        position: local("i32"),
        scale: local("i32"),
        ahead: local("i32"),
        sums: four(local, "v128"),
      };
      const [weights, most] = [four(local, "f32"), local("f32")];
      const spread = { pairs: [local("v128"), local("v128")], step: local("v128") } as const;
      return loopWhile(
        op("i32.lt_u", get(a), get(aEnd)),
        placeRows(turn.at, a, row),
        set(turn.rowEnd, get(turn.at[1])),
        ...turn.sums.map((sum) => set(sum, op("i32x4.splat", i32(0)))),
        set(turn.position, get(x)),
        set(turn.scale, get(xScales)),
        dots(turn, local),
        ...weights.map((weight, i) =>
          set(weight, op("f32.mul", totalOf(turn.sums[i]), load("f32.load", get(squares), 4 * i))),
        ),
        round(weights, most, spread),
        placeRows(turn.at, a, row),
        set(turn.position, get(z)),
        set(turn.ahead, op("i32.add", get(a), op("i32.mul", get(row), i32(ROWS)))),
        additions(turn, spread, op("i32.lt_u", get(turn.position), get(zEnd)), local),
        advance(a, op("i32.mul", get(row), i32(ROWS))),
        advance(squares, i32(4 * ROWS)),
      );
    },
  );
}

function four(local: NewLocal, type: "i32" | "f32" | "v128"): Local[] {
  return Array.from({ length: ROWS }, () => local(type));
}

/** What the two loops of a turn share. */
interface Turn {
  readonly fused: boolean;
  /** Where each row is read. */
  readonly at: readonly Local[];
  /** Of the first row. */
  readonly rowEnd: Local;
  /** Where the vector is, and the scale of its part. */
  readonly position: Local;
  readonly scale: Local;
  /** In the rows of the next turn. */
  readonly ahead: Local;
  /** A vector of f32 for each row. */
  readonly sums: readonly Local[];
}

/** Weights of rows two by two, in every lane, and what one of them stands for. */
interface Spread {
  readonly pairs: readonly [Local, Local];
  readonly step: Local;
}

/** Sums the products of the rows with x. */
function dots({ fused, at, rowEnd, position, scale, sums }: Turn, local: NewLocal): Code {
  const [whole, x, factor] = [four(local, "v128"), local("v128"), local("v128")];
  const product = (i: number, offset: number): Code =>
    op("i32x4.dot_i16x8_s", load("v128.load8x8_s", get(at[i]), offset), get(x));
  const vectors = Array.from({ length: ROUNDED_COLUMNS / 8 }, (_, k) => k);
  return loopWhile(
    op("i32.lt_u", get(at[0]), get(rowEnd)),
    ...vectors.flatMap((k) => [
      set(x, load("v128.load", get(position), k * HALF)),
      ...whole.map((sum, i) =>
        set(sum, k === 0 ? product(i, 0) : op("i32x4.add", get(sum), product(i, k * STEP))),
      ),
    ]),
    set(factor, load("v128.load32_splat", get(scale))),
    ...whole.flatMap((sum, i) => [
      set(sum, op("f32x4.convert_i32x4_s", get(sum))),
      multiplyAdd({ lanes: f32Lanes, fused }, sums[i], sum, factor),
    ]),
    ...at.map((each) => advance(each, i32(ROUNDED_COLUMNS))),
    advance(position, i32(2 * ROUNDED_COLUMNS)),
    advance(scale, i32(4)),
  );
}

/** Weights as whole numbers. Where all are 0 they stay so; a NaN goes through the step to all of z. */
function round(weights: readonly Local[], most: Local, { pairs, step }: Spread): Code {
  const sizes = weights.map((weight) => op("f32.abs", get(weight)));
  const bits = (weight: Local): Code =>
    op("i32.trunc_sat_f32_s", op("f32.nearest", op("f32.mul", get(weight), get(most))));
  const pair = (low: Local, high: Local): Code =>
    op("i32.or", op("i32.and", bits(low), i32(0xffff)), op("i32.shl", bits(high), i32(16)));
  return sequence(
    set(
      most,
      sizes.reduce((left, right) => op("f32.max", left, right)),
    ),
    set(step, op("f32x4.splat", op("f32.div", get(most), f32(LARGEST_WEIGHT)))),
    set(most, op("f32.div", f32(LARGEST_WEIGHT), op("f32.max", get(most), f32(2 ** -100)))),
    ...pairs.map((each, i) => set(each, op("i32x4.splat", pair(weights[2 * i], weights[2 * i + 1])))),
  );
}

/** Of two vectors of eight the first four of each in turn, or the last four. */
function inTurn(first: Local, second: Local, from: 0 | 8): Code {
  const places = [0, 2, 4, 6].flatMap((k) => [from + k, from + k + 1, 16 + from + k, 17 + from + k]);
  return shuffle(get(first), get(second), places);
}

/** Adds multiples of the rows to z. */
function additions(
  { fused, at, position, ahead }: Turn,
  { pairs, step }: Spread,
  more: Code,
  local: NewLocal,
): Code {
  const [rows, sum, values] = [four(local, "v128"), local("v128"), local("v128")];
  const touched = local("v128");
  const product = (pair: 0 | 1, half: 0 | 8): Code =>
    op("i32x4.dot_i16x8_s", inTurn(rows[2 * pair], rows[2 * pair + 1], half), get(pairs[pair]));
  const add = (half: 0 | 8, place: number): Code =>
    sequence(
      set(sum, op("f32x4.convert_i32x4_s", op("i32x4.add", product(0, half), product(1, half)))),
      set(values, load("v128.load", get(position), place)),
      multiplyAdd({ lanes: f32Lanes, fused }, values, sum, step),
      store("v128.store", get(position), get(values), place),
    );
  return loopWhile(
    more,
    // What is read on the way is not waited for, and is in the cache when its turn comes.
    set(touched, load("v128.load32_splat", get(ahead))),
    advance(ahead, i32(ROWS * UNROLLED * STEP)),
    ...Array.from({ length: UNROLLED }, (_, k) =>
      sequence(
        ...rows.map((each, i) => set(each, load("v128.load8x8_s", get(at[i]), k * STEP))),
        add(0, k * WIDE),
        add(8, k * WIDE + 16),
      ),
    ),
    ...at.map((each) => advance(each, i32(UNROLLED * STEP))),
    advance(position, i32(UNROLLED * WIDE)),
  );
}

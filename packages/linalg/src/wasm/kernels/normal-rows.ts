import type { StoredType } from "../../stored-matrix.ts";
import type { NewLocal, WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import { advance, get, load, i32, loopWhile, op, sequence, set, store } from "../assembler/instructions.ts";
import { f32Lanes, multiplyAdd } from "./lanes.ts";
import { placeRows } from "./place-rows.ts";
import { type Reading, READINGS } from "./reading.ts";
import { totalOf } from "./sum-lanes.ts";

/** Rows a turn: what is read of the vectors then serves four. */
const ROWS = 4;

/** Bytes of the vectors a turn of the inner loops passes: eight values. */
const STEP = 32;

/**
 * z += scale · aᵀ·(a·x) for rows of `row` bytes, each read from memory once for both products: what is widened for
 * the first is kept in `scratch`, as many f32 as four rows have, for the second. Rows are a multiple of four, their
 * values a multiple of eight; x and z are f32, for types of sixteen bits with the even ones of each eight first. f16 is taken for its
 * value times 2⁻¹¹².
 */
export function normalRows(from: StoredType, fused: boolean): WasmFunction {
  return defineFunction(
    {
      name: `normal_rows_${from}`,
      parameters: {
        a: "i32",
        aEnd: "i32",
        row: "i32",
        x: "i32",
        z: "i32",
        zEnd: "i32",
        scratch: "i32",
        scale: "f32",
      },
    },
    ({ a, aEnd, row, x, z, zEnd, scratch, scale }, local) => {
      const reading = READINGS[from](local);
      const at = Array.from({ length: ROWS }, () => local("i32"));
      const sums = Array.from({ length: ROWS }, () => [local("v128"), local("v128")] as const);
      const [position, wide] = [local("i32"), local("i32")];
      const turn = { fused, at, sums, position, wide, vectors: four(local) };
      return sequence(
        reading.prepare,
        loopWhile(
          op("i32.lt_u", get(a), get(aEnd)),
          placeRows(at, a, row),
          advance(a, op("i32.mul", get(row), i32(ROWS))),
          ...sums.flat().map((sum) => set(sum, op("i32x4.splat", i32(0)))),
          set(position, get(x)),
          set(wide, get(scratch)),
          dots(turn, reading, op("i32.lt_u", get(at[ROWS - 1]), get(a))),
          ...sums.map(([first, second]) => set(first, splatTotal([first, second], scale))),
          set(position, get(z)),
          set(wide, get(scratch)),
          additions(turn, op("i32.lt_u", get(position), get(zEnd))),
        ),
      );
    },
  );
}

type Four = readonly [Local, Local, Local, Local];

function four(local: NewLocal): Four {
  return [local("v128"), local("v128"), local("v128"), local("v128")];
}

/** What the two loops of a turn share. */
interface Turn {
  readonly fused: boolean;
  /** Where each row is read. */
  readonly at: readonly Local[];
  readonly sums: readonly (readonly [Local, Local])[];
  /** Where the vector is. */
  readonly position: Local;
  /** Where widened values are. */
  readonly wide: Local;
  /** Eight values of the vector, eight of a row. */
  readonly vectors: Four;
}

/** Reads and widens the rows, and sums their products with x. */
function dots({ fused, at, sums, position, wide, vectors }: Turn, reading: Reading, more: Code): Code {
  const [left, right, low, high] = vectors;
  const arithmetic = { lanes: f32Lanes, fused };
  return loopWhile(
    more,
    set(left, load("v128.load", get(position))),
    set(right, load("v128.load", get(position), 16)),
    ...at.map((each, i) =>
      sequence(
        reading.read(get(each), low, high),
        multiplyAdd(arithmetic, sums[i][0], low, left),
        multiplyAdd(arithmetic, sums[i][1], high, right),
        store("v128.store", get(wide), get(low), STEP * i),
        store("v128.store", get(wide), get(high), STEP * i + 16),
        advance(each, i32(reading.bytes)),
      ),
    ),
    advance(position, i32(STEP)),
    advance(wide, i32(STEP * ROWS)),
  );
}

/** Adds multiples of the widened rows to z. */
function additions({ fused, sums, position, wide, vectors }: Turn, more: Code): Code {
  const [left, right, low, high] = vectors;
  const arithmetic = { lanes: f32Lanes, fused };
  return loopWhile(
    more,
    set(left, load("v128.load", get(position))),
    set(right, load("v128.load", get(position), 16)),
    ...sums.map(([weight], i) =>
      sequence(
        set(low, load("v128.load", get(wide), STEP * i)),
        set(high, load("v128.load", get(wide), STEP * i + 16)),
        multiplyAdd(arithmetic, left, low, weight),
        multiplyAdd(arithmetic, right, high, weight),
      ),
    ),
    store("v128.store", get(position), get(left)),
    store("v128.store", get(position), get(right), 16),
    advance(position, i32(STEP)),
    advance(wide, i32(STEP * ROWS)),
  );
}

/** scale times the sum of all lanes of two vectors, in every lane. */
function splatTotal([first, second]: readonly [Local, Local], scale: Local): Code {
  const sum = op("f32x4.add", get(first), get(second));
  return sequence(set(first, sum), op("f32x4.splat", op("f32.mul", get(scale), totalOf(first))));
}

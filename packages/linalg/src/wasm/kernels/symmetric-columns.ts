import type { NewLocal } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import {
  advance,
  doubleOf,
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
import { f64Lanes, multiplyAdd } from "./lanes.ts";

/** Vectors a turn of the loop. */
export const UNROLLED = 2;

/** What is known of a row during a pass: where it is read, and what its entries are multiplied with, in both lanes. */
export interface SymmetricRow {
  readonly at: Local;
  /** −x and −y of the row, which y and x are multiplied with. */
  readonly x: Local;
  readonly y: Local;
  /** tau·v of the row. */
  readonly v: Local;
  /** Σ aᵢⱼ·vⱼ */
  readonly sums: readonly Local[];
}

/** The vectors that go along the rows: where each is read. */
export interface AlongRows {
  readonly x: Local;
  readonly y: Local;
  readonly v: Local;
  readonly w: Local;
}

interface Columns {
  readonly vEnd: Local;
  readonly local: NewLocal;
  readonly fused: boolean;
}

/**
 * Columns of rows of a symmetric matrix, two at a time up to where v ends, the last for itself where their number is odd: what
 * x and y take off is taken off, then each entry is multiplied with v of its column, and with v of its row for w of its column.
 */
export function symmetricColumns(
  rows: readonly SymmetricRow[],
  along: AlongRows,
  { vEnd, local, fused }: Columns,
): Code {
  const [x, y, v, w, entry] = Array.from({ length: 5 }, () => local("v128"));
  const add = (sum: Local, one: Local, other: Local): Code =>
    multiplyAdd({ lanes: f64Lanes, fused }, sum, one, other);
  const step = (name: "v128.load" | "v128.load64_zero", offset: number, turn: number): Code => {
    const write = (to: Local, value: Local): Code =>
      name === "v128.load"
        ? store("v128.store", get(to), get(value), offset)
        : store("f64.store", get(to), doubleOf(get(value), 0), offset);
    return sequence(
      set(x, load(name, get(along.x), offset)),
      set(y, load(name, get(along.y), offset)),
      set(v, load(name, get(along.v), offset)),
      set(w, load(name, get(along.w), offset)),
      ...rows.map((row) =>
        sequence(
          set(entry, load(name, get(row.at), offset)),
          add(entry, row.x, y),
          add(entry, row.y, x),
          write(row.at, entry),
          add(row.sums[turn], entry, v),
          add(w, entry, row.v),
        ),
      ),
      write(along.w, w),
    );
  };
  const onward = (bytes: number): Code[] =>
    [...Object.values(along), ...rows.map(({ at }) => at)].map((each) => advance(each, i32(bytes)));
  const loop = (count: number): Code =>
    loopWhile(
      op("i32.le_u", op("i32.add", get(along.v), i32(16 * count)), get(vEnd)),
      ...Array.from({ length: count }, (_, turn) => step("v128.load", 16 * turn, turn)),
      ...onward(16 * count),
    );
  return sequence(
    loop(UNROLLED),
    loop(1),
    when(op("i32.lt_u", get(along.v), get(vEnd)), step("v128.load64_zero", 0, 0)),
  );
}

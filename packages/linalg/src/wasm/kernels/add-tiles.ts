import type { StoredType } from "../../stored-matrix.ts";
import { STORED_BYTES } from "../../stored-matrix.ts";
import type { WasmFunction } from "../assembler/define-function.ts";
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
  upperHalf,
  when,
} from "../assembler/instructions.ts";
import { addEight } from "./add-eight.ts";
import { tileSums, type TileShape } from "./gemm-tile.ts";

/** Terms that a tile sums before it is added to what it has: part of what decides the bits of a product. */
const TERMS = 256;

/** What is added, to what, and how the product is formed. */
export interface AddShape {
  readonly type: StoredType;
  /** Round the product to that type first. */
  readonly roundProduct: boolean;
  readonly tile: TileShape;
}

/** The name of the function for a type. */
export function addTilesName({ type, roundProduct }: Pick<AddShape, "type" | "roundProduct">): string {
  return `add_${roundProduct ? "rounded_" : ""}${type}`;
}

/**
 * w ← round(w + alpha · a · b) for a strip: `rows` rows of at most a tile, `pitch` bytes apart, as many columns as the panels from
 * `b` to `bEnd` have; for types of sixteen bits with the even ones of each eight columns first. A tile is added from the registers
 * it is summed in; what goes beyond 256 terms waits at `x`. Adds Σ w² to the two doubles at `sums`, and
 * Σ (new − w − alpha · a · b)² to those after them. The sums are not fused: their bits are those of one rounding after the other.
 */
export function addTiles(shape: AddShape): WasmFunction {
  const { tile, type } = shape;
  return defineFunction(
    {
      name: addTilesName(shape),
      parameters: {
        a: "i32",
        b: "i32",
        bEnd: "i32",
        terms: "i32",
        w: "i32",
        pitch: "i32",
        rows: "i32",
        x: "i32",
        alpha: "f32",
        sums: "i32",
      },
    },
    ({ a, b, bEnd, terms, w, pitch, rows, x, alpha, sums }, local) => {
      const [left, rest, depth, at] = Array.from({ length: 4 }, () => local("i32"));
      const product = tileSums(tile, local);
      const adding = addEight(shape, { at, alpha }, local);
      const values = product.sums.flat();
      const addRow = (row: readonly Local[]): Code =>
        sequence(
          ...Array.from({ length: tile.cols / 8 }, (_, i) => adding.eight(i, [row[2 * i], row[2 * i + 1]])),
          advance(at, get(pitch)),
        );
      const formProduct = sequence(
        set(left, get(a)),
        set(rest, get(terms)),
        set(depth, i32(0)),
        loopWhile(
          get(rest),
          when(get(depth), storeAll(values, x)),
          ...values.map((sum) => set(sum, op("i32x4.splat", i32(0)))),
          // Set to the terms of this turn, it says as well that the next is not the first.
          set(depth, get(rest)),
          when(op("i32.lt_u", i32(TERMS), get(rest)), set(depth, i32(TERMS))),
          product.addTerms({ a: left, b, terms: depth }),
          when(op("i32.lt_u", get(rest), get(terms)), addAll(values, x)),
          set(rest, op("i32.sub", get(rest), get(depth))),
        ),
      );
      return sequence(
        adding.begin,
        loopWhile(
          op("i32.lt_u", get(b), get(bEnd)),
          formProduct,
          set(at, get(w)),
          ...product.sums.map((row, i) => when(op("i32.lt_u", i32(i), get(rows)), addRow(row))),
          advance(w, i32(tile.cols * STORED_BYTES[type])),
        ),
        addInDoubles(adding.squares, sums, 0),
        addInDoubles(adding.errors, sums, 16),
      );
    },
  );
}

function storeAll(vectors: readonly Local[], at: Local): Code {
  return sequence(...vectors.map((each, i) => store("v128.store", get(at), get(each), 16 * i)));
}

function addAll(vectors: readonly Local[], at: Local): Code {
  const before = (index: number): Code => load("v128.load", get(at), 16 * index);
  return sequence(...vectors.map((each, i) => set(each, op("f32x4.add", before(i), get(each)))));
}

/** The lanes of a sum in f32, added to two doubles in memory. */
function addInDoubles(sum: Local, at: Local, offset: number): Code {
  const low = op("f64x2.promote_low_f32x4", get(sum));
  const swapped = op("f64x2.promote_low_f32x4", upperHalf(get(sum)));
  const total = op("f64x2.add", op("f64x2.add", low, swapped), load("v128.load", get(at), offset));
  return store("v128.store", get(at), total, offset);
}

import type { StoredType } from "../../stored-matrix.ts";
import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import {
  advance,
  call,
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
import type { TileShape } from "./gemm-tile.ts";
import type { NarrowValue } from "./narrow.ts";
import { bitsOfBf16, bitsOfF16 } from "./narrow.ts";
import { valueOfBf16, valueOfF16, type WideValue } from "./widen.ts";

/** Terms that a tile sums before it is added to what it has: part of what decides the bits of a product. */
const TERMS = 256;

interface Form {
  readonly bytes: 2 | 4;
  readonly wide: WideValue;
  readonly narrow: NarrowValue;
}

/** An f32 is its own bits. */
const same = { constants: [], value: get, bits: get };

const FORMS: Readonly<Record<StoredType, Form>> = {
  f32: { bytes: 4, wide: same, narrow: same },
  f16: { bytes: 2, wide: valueOfF16, narrow: bitsOfF16 },
  bf16: { bytes: 2, wide: valueOfBf16, narrow: bitsOfBf16 },
};

/** What is added, to what, and how the product is formed. */
export interface AddShape {
  readonly type: StoredType;
  /** Round the product to that type first. */
  readonly roundProduct: boolean;
  readonly tile: TileShape;
  /** The index of the function of `gemmTile`. */
  readonly multiply: number;
}

/** The name of the function for a type. */
export function addTilesName({ type, roundProduct }: Pick<AddShape, "type" | "roundProduct">): string {
  return `add_${roundProduct ? "rounded_" : ""}${type}`;
}

/**
 * w ← round(w + alpha · a · b) for a strip: `rows` rows of at most a tile, `pitch` bytes apart, as many columns as the panels from
 * `b` to `bEnd` have. A tile of the product goes to `x`, where it stays in the L1 cache, and is added from there. Adds Σ w² to
 * the two doubles at `sums`, and Σ (new − w − alpha · a · b)² to those after them. Nothing is fused: the bits are those of one
 * rounding after the other.
 */
export function addTiles(shape: AddShape): WasmFunction {
  const { tile, multiply } = shape;
  const { bytes } = FORMS[shape.type];
  const line = 4 * tile.cols;
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
      const [left, rest, depth, add] = Array.from({ length: 4 }, () => local("i32"));
      const [at, product, end] = Array.from({ length: 3 }, () => local("i32"));
      const adding = addVectors(shape, { at, product, alpha }, () => local("v128"));
      const formProduct = sequence(
        set(left, get(a)),
        set(rest, get(terms)),
        set(add, i32(0)),
        loopWhile(
          get(rest),
          set(depth, get(rest)),
          when(op("i32.lt_u", i32(TERMS), get(rest)), set(depth, i32(TERMS))),
          call(multiply, get(left), get(b), get(depth), get(x), i32(line), get(add)),
          advance(left, op("i32.mul", get(depth), i32(4 * tile.rows))),
          advance(b, op("i32.mul", get(depth), i32(line))),
          set(rest, op("i32.sub", get(rest), get(depth))),
          set(add, i32(1)),
        ),
      );
      return sequence(
        adding.begin,
        set(end, op("i32.add", get(x), op("i32.mul", get(rows), i32(line)))),
        loopWhile(
          op("i32.lt_u", get(b), get(bEnd)),
          formProduct,
          set(at, get(w)),
          set(product, get(x)),
          loopWhile(
            op("i32.lt_u", get(product), get(end)),
            ...Array.from({ length: tile.cols / 8 }, (_, i) => adding.eight(i)),
            advance(at, get(pitch)),
            advance(product, i32(line)),
          ),
          advance(w, i32(tile.cols * bytes)),
        ),
        addInDoubles(adding.squares, sums, 0),
        addInDoubles(adding.errors, sums, 16),
      );
    },
  );
}

interface Places {
  /** Address of stored values. */
  readonly at: Local;
  /** Address of as many products. */
  readonly product: Local;
  readonly alpha: Local;
}

interface Adding {
  /** Sets the constants. */
  readonly begin: Code;
  /** Adds to the eight values that are 8 · `index` behind `at`. */
  eight(index: number): Code;
  readonly squares: Local;
  readonly errors: Local;
}

function addVectors({ type, roundProduct }: AddShape, places: Places, vector: () => Local): Adding {
  const { bytes, wide, narrow } = FORMS[type];
  const [factor, bits, before, product, after, error] = Array.from({ length: 6 }, vector);
  const [squares, errors] = [vector(), vector()];
  const scratch = [vector(), vector()] as const;
  const [low, high] = [vector(), vector()];
  const spread = (values: readonly number[]): [Local[], Code] => {
    const locals = values.map(vector);
    return [locals, sequence(...locals.map((each, i) => set(each, op("i32x4.splat", i32(values[i])))))];
  };
  const [wideBy, setWide] = spread(wide.constants);
  const [narrowBy, setNarrow] = spread(narrow.constants);
  const addSquare = (sum: Local, value: Local): Code =>
    set(sum, op("f32x4.add", get(sum), op("f32x4.mul", get(value), get(value))));
  const four = (index: number, stored: Local): Code =>
    sequence(
      set(bits, load(bytes === 2 ? "v128.load16x4_u" : "v128.load", get(places.at), 4 * bytes * index)),
      set(before, wide.value(bits, wideBy)),
      set(product, op("f32x4.mul", load("v128.load", get(places.product), 16 * index), get(factor))),
      ...(roundProduct
        ? [set(bits, narrow.bits(product, narrowBy, scratch)), set(product, wide.value(bits, wideBy))]
        : []),
      set(after, op("f32x4.add", get(before), get(product))),
      set(stored, narrow.bits(after, narrowBy, scratch)),
      ...(bytes === 2
        ? [set(error, op("f32x4.sub", wide.value(stored, wideBy), get(after)))]
        : errorOfSum({ before, product, after, error })),
      addSquare(squares, before),
      addSquare(errors, error),
    );
  const write = (offset: number): Code =>
    bytes === 2
      ? store("v128.store", get(places.at), op("i16x8.narrow_i32x4_u", get(low), get(high)), offset)
      : sequence(
          store("v128.store", get(places.at), get(low), offset),
          store("v128.store", get(places.at), get(high), offset + 16),
        );
  return {
    squares,
    errors,
    begin: sequence(setWide, setNarrow, set(factor, op("f32x4.splat", get(places.alpha)))),
    eight: (index) => sequence(four(2 * index, low), four(2 * index + 1, high), write(8 * bytes * index)),
  };
}

/** What f32 loses of before + product, exactly, whichever is larger: Knuth's two-sum. */
function errorOfSum(values: Readonly<Record<"before" | "product" | "after" | "error", Local>>): Code[] {
  const { before, product, after, error } = values;
  const first = op("f32x4.sub", get(before), op("f32x4.sub", get(after), get(error)));
  return [
    set(error, op("f32x4.sub", get(after), get(before))),
    set(error, op("f32x4.add", first, op("f32x4.sub", get(product), get(error)))),
  ];
}

/** The lanes of a sum in f32, added to two doubles in memory. */
function addInDoubles(sum: Local, at: Local, offset: number): Code {
  const low = op("f64x2.promote_low_f32x4", get(sum));
  const swapped = op("f64x2.promote_low_f32x4", upperHalf(get(sum)));
  const total = op("f64x2.add", op("f64x2.add", low, swapped), load("v128.load", get(at), offset));
  return store("v128.store", get(at), total, offset);
}

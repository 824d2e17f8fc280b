import type { StoredType } from "../../stored-matrix.ts";
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
} from "../assembler/instructions.ts";
import type { NarrowValue } from "./narrow.ts";
import { bitsOfBf16, bitsOfF16 } from "./narrow.ts";
import { valueOfBf16, valueOfF16, type WideValue } from "./widen.ts";

/** Values of a row that are added at a time: rows in the engine's memory are that much longer at most. */
export const ADD_STEP = 8;

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

/** The name of the function for a type, with the product rounded to that type first or not. */
export function addStoredName(type: StoredType, roundProduct: boolean): string {
  return `add_${roundProduct ? "rounded_" : ""}${type}`;
}

/**
 * w ← round(w + alpha · x), x in f32, w in its stored type; from `w` to `end`, a multiple of 8 values. Adds Σ w² to the two
 * doubles at `sums`, and Σ (new − w − alpha · x)² to those after them. Nothing is fused: the bits are those of one rounding
 * after the other.
 */
export function addStored(type: StoredType, roundProduct: boolean): WasmFunction {
  const { bytes, wide, narrow } = FORMS[type];
  return defineFunction(
    {
      name: addStoredName(type, roundProduct),
      parameters: { w: "i32", end: "i32", x: "i32", alpha: "f32", sums: "i32" },
    },
    ({ w, end, x, alpha, sums }, local) => {
      const vector = (): Local => local("v128");
      const [factor, bits, before, product, after, error] = Array.from({ length: 6 }, vector);
      const [squares, errors] = [vector(), vector()];
      const scratch = [vector(), vector()] as const;
      const stored = [vector(), vector()];
      const spread = (values: readonly number[]): [Local[], Code] => {
        const locals = values.map(vector);
        return [locals, sequence(...locals.map((each, i) => set(each, op("i32x4.splat", i32(values[i])))))];
      };
      const [wideBy, setWide] = spread(wide.constants);
      const [narrowBy, setNarrow] = spread(narrow.constants);
      const addSquare = (sum: Local, value: Local): Code =>
        set(sum, op("f32x4.add", get(sum), op("f32x4.mul", get(value), get(value))));
      const half = (index: number): Code =>
        sequence(
          set(bits, load(bytes === 2 ? "v128.load16x4_u" : "v128.load", get(w), 4 * bytes * index)),
          set(before, wide.value(bits, wideBy)),
          set(product, op("f32x4.mul", load("v128.load", get(x), 16 * index), get(factor))),
          ...(roundProduct
            ? [set(bits, narrow.bits(product, narrowBy, scratch)), set(product, wide.value(bits, wideBy))]
            : []),
          set(after, op("f32x4.add", get(before), get(product))),
          set(stored[index], narrow.bits(after, narrowBy, scratch)),
          ...(bytes === 2
            ? [set(error, op("f32x4.sub", wide.value(stored[index], wideBy), get(after)))]
            : errorOfSum({ before, product, after, error })),
          addSquare(squares, before),
          addSquare(errors, error),
        );
      const [low, high] = stored;
      const write =
        bytes === 2
          ? store("v128.store", get(w), op("i16x8.narrow_i32x4_u", get(low), get(high)))
          : sequence(store("v128.store", get(w), get(low)), store("v128.store", get(w), get(high), 16));
      return sequence(
        setWide,
        setNarrow,
        set(factor, op("f32x4.splat", get(alpha))),
        loopWhile(
          op("i32.lt_u", get(w), get(end)),
          half(0),
          half(1),
          write,
          advance(w, i32(ADD_STEP * bytes)),
          advance(x, i32(ADD_STEP * 4)),
        ),
        addInDoubles(squares, sums, 0),
        addInDoubles(errors, sums, 16),
      );
    },
  );
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

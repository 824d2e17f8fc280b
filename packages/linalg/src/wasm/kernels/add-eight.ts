import type { NewLocal } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import { get, op, sequence, set } from "../assembler/instructions.ts";
import type { AddShape } from "./add-tiles.ts";
import { f32Lanes, multiplyAdd } from "./lanes.ts";
import { type Pair, STORED_EIGHTS } from "./stored-eight.ts";

interface Places {
  /** Address of stored values. */
  readonly at: Local;
  readonly alpha: Local;
}

/** What adds products to stored values, and what it finds out meanwhile. */
export interface AddEight {
  /** Sets the constants. */
  readonly begin: Code;
  /** Adds alpha times the products to the eight values that are 8 · `index` behind `at`. */
  eight(index: number, products: Pair): Code;
  /** Σ of the squares of the values before, in each lane. */
  readonly squares: Local;
  /** Σ of the squares of what rounding changed. */
  readonly errors: Local;
}

/** w ← round(w + alpha · product) for eight values, in the order of `StoredEight`. Overwrites the products. */
export function addEight(
  { type, roundProduct, tile: { fused } }: Pick<AddShape, "type" | "roundProduct" | "tile">,
  { at, alpha }: Places,
  local: NewLocal,
): AddEight {
  const vector = (): Local => local("v128");
  const stored = STORED_EIGHTS[type](local);
  const [factor, after, error, squares, errors] = Array.from({ length: 5 }, vector);
  const pair = [vector(), vector()] as const;
  const addSquare = (sum: Local, value: Local): Code =>
    multiplyAdd({ lanes: f32Lanes, fused }, sum, value, value);
  const four = (before: Local, product: Local): Code =>
    sequence(
      set(product, op("f32x4.mul", get(product), get(factor))),
      ...(roundProduct ? [stored.round(product, product)] : []),
      set(after, op("f32x4.add", get(before), get(product))),
      addSquare(squares, before),
      ...(type === "f32"
        ? [errorOfSum({ before, product, after, error }), set(before, get(after))]
        : [stored.round(after, before), set(error, op("f32x4.sub", get(before), get(after)))]),
      addSquare(errors, error),
    );
  return {
    squares,
    errors,
    begin: sequence(stored.begin, set(factor, op("f32x4.splat", get(alpha)))),
    eight: (index, products) =>
      sequence(
        stored.read(at, stored.bytes * index, pair),
        ...pair.map((each, i) => four(each, products[i])),
        stored.write(at, stored.bytes * index, pair),
      ),
  };
}

/** What f32 loses of before + product, exactly, whichever is larger: Knuth's two-sum. */
function errorOfSum(values: Readonly<Record<"before" | "product" | "after" | "error", Local>>): Code {
  const { before, product, after, error } = values;
  const first = op("f32x4.sub", get(before), op("f32x4.sub", get(after), get(error)));
  return sequence(
    set(error, op("f32x4.sub", get(after), get(before))),
    set(error, op("f32x4.add", first, op("f32x4.sub", get(product), get(error)))),
  );
}

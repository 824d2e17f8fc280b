import { type Matrix, spectralNorm, type StoredMap } from "@lora/linalg";
import type { BaseWeight, BaseWeightOptions } from "./base-weight.ts";
import { rememberEach, rememberOne } from "./remember.ts";

/** How a stored weight lies, and how exactly its norm is sought. */
export interface StoredBaseWeightOptions extends BaseWeightOptions {
  /** Whether it is stored as in × out. */
  readonly transposed?: boolean | undefined;
}

/**
 * The base weight of an update, as it is stored and in the hands of an engine: good as long as it is held. Norms have
 * f64 sums. Products are those of f32: entries are some 2⁻²⁴·√in·‖W‖₂ off for columns of length 1.
 */
export function storedBaseWeight(w: StoredMap, options: StoredBaseWeightOptions = {}): BaseWeight {
  const { transposed = false, tolerance, seed, engine } = options;
  const [out, inputs] = transposed ? [w.cols, w.rows] : [w.rows, w.cols];
  const times = (x: Matrix, turned: boolean): Matrix =>
    turned ? w.multiplyTransposed(inSingle(x)) : w.multiply(inSingle(x));
  return {
    out,
    in: inputs,
    spectralNorm: rememberOne(() => spectralNorm(w, { tolerance, seed, engine })),
    frobeniusNorm: rememberOne(() => Math.sqrt(w.sumOfSquares())),
    timesInputs: rememberEach((v) => times(v, transposed)),
    timesOutputs: rememberEach((u) => times(u, !transposed)),
  };
}

function inSingle(x: Matrix): Matrix {
  return x.data instanceof Float32Array ? x : { ...x, data: new Float32Array(x.data) };
}

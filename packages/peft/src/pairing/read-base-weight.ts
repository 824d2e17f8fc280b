import type { Matrix } from "@lora/linalg";
import { transpose } from "@lora/linalg";
import { readValues } from "@lora/tensor";
import type { AdapterModule } from "../adapter.ts";
import type { PairedWeight } from "./pair-with-base.ts";

export interface ReadBaseOptions {
  /** Left out: `f64`. */
  readonly as?: "f32" | "f64" | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The base weight of a module, in the orientation of its update: out × in, a convolution flattened to out × in·k·k.
 * Reads the paired rows only; a weight stored as in × out is turned.
 *
 * @throws LoraError DTYPE when the base's type cannot be decoded; and what reading throws
 */
export async function readBaseWeight(
  pair: PairedWeight,
  module: Pick<AdapterModule, "shape">,
  options: ReadBaseOptions = {},
): Promise<Matrix> {
  const data = await readValues(pair.tensor, { as: options.as, rows: pair.rows, signal: options.signal });
  const out = module.shape[0] || outputsOf(pair);
  const inner = data.length / out;
  if (!pair.transposed) return { rows: out, cols: inner, data };
  const turned = transpose({ rows: inner, cols: out, data });
  return options.as === "f32" ? { ...turned, data: new Float32Array(turned.data) } : turned;
}

function outputsOf({ tensor, rows = [0, tensor.shape[0]!], transposed }: PairedWeight): number {
  return transposed ? tensor.shape[1]! : rows[1] - rows[0];
}

import type { EngineOptions, Matrix } from "@lora/linalg";
import { columns, multiply, scaledColumns, svd } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { asRows } from "./layer-adapter.ts";
import { plain } from "./plain.ts";
import type { Variant } from "./variant.ts";

/**
 * KaSA: ΔW = s·B·diag(d)·A on a base that has lost its r smallest singular components (`kasaBase`).
 *
 * @see Wang et al. 2024, arXiv 2412.06071
 */
export const kasa: Variant = {
  ...plain,
  id: "kasa",
  kinds: ["linear"],
  needs: ["diagonal"],
  unpack({ up, down, diagonal }) {
    const wide = asRows(up, up.shape[0]!);
    const data = wide.data.map((value, i) => value * diagonal!.data[i % wide.cols]!);
    return { up: { ...wide, data }, down: asRows(down, wide.cols) };
  },
};

/**
 * W without its r smallest singular components: the base that a KaSA adapter of rank r belongs to. One full SVD; what is
 * dropped is taken off W, so that what stays keeps its digits.
 *
 * @param weight out × in
 * @throws LoraError USAGE when nothing would be left
 */
export function kasaBase(weight: Matrix, rank: number, { engine }: EngineOptions = {}): Matrix {
  const least = Math.min(weight.rows, weight.cols);
  if (rank >= least) {
    throw new LoraError(
      "USAGE",
      `KaSA takes a rank below ${least}, the smaller side of the weight, not ${rank}`,
      { rank },
    );
  }
  const { u, s, v } = svd(weight);
  const last = Array.from({ length: rank }, (_, i) => least - rank + i);
  const left = scaledColumns(columns(u, last), s.subarray(least - rank));
  const dropped = multiply(left, columns(v, last), { transB: true, engine });
  return { ...weight, data: weight.data.map((value, i) => value - dropped.data[i]!) };
}

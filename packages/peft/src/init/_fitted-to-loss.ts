import { type EngineOptions, type Matrix, svd } from "@lora/linalg";
import type { InitFactors } from "./_initialiser.ts";
import { differenceOf } from "./_residual.ts";
import { firstIndices } from "../rank/_prefix.ts";
import { splitEvenly } from "./_split.ts";

export interface FitOptions extends EngineOptions {
  readonly rank: number;
  /** What the product of the factors is multiplied with. */
  readonly scale: number;
}

/** The factors of this rank that come nearest to what a quantised weight lacks. */
export function fittedToLoss(
  weight: Matrix,
  quantised: Matrix,
  { rank, scale, engine }: FitOptions,
): InitFactors {
  return splitEvenly(svd(differenceOf(weight, quantised), { engine }), firstIndices(rank), scale);
}

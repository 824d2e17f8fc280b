import { choleskyQr2, type Engine, frobeniusNorm, multiply, transpose, wideMatrix } from "@lora/linalg";
import { DenseDelta, type Delta, exactSum, KroneckerDelta } from "@lora/peft";

/** The singular values of ΔW_A − ΔW_B through stacked factors, O((m + n)·(rA + rB)²); one that is absent is zero. */
export function singularValuesOfDifference(
  a: Delta | undefined,
  b: Delta | undefined,
  engine: Engine,
): Float64Array {
  const present = [a, b].filter((each) => each !== undefined);
  if (present.length === 0) return new Float64Array(0);
  return exactSum(present, [1, -1], { engine }).singularValues();
}

/** ‖ΔW_A − ΔW_B‖_F without subtracting squares: what two close updates share cancels in the values, and not in their norms. */
export function normOfDifference(a: Delta, b: Delta, engine: Engine): number {
  const difference = exactSum([a, b], [1, -1], { engine });
  if (difference instanceof KroneckerDelta || difference instanceof DenseDelta)
    return difference.frobeniusNorm();
  const { up, down, scale } = difference.storedFactors();
  const isThin = difference.maxRank < Math.min(difference.rows, difference.cols);
  const [left, right] = isThin
    ? [choleskyQr2(wideMatrix(up), { engine }).r, choleskyQr2(transpose(wideMatrix(down)), { engine }).r]
    : [up, transpose(wideMatrix(down))];
  return Math.abs(scale) * frobeniusNorm(multiply(left, right, { transB: true, engine }));
}

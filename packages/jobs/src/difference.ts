import {
  type AnyMatrix,
  choleskyQr2,
  type Engine,
  frobeniusNorm,
  multiply,
  transpose,
  wideMatrix,
} from "@lora/linalg";
import { DenseDelta, type Delta, exactSum, KroneckerDelta } from "@lora/peft";

/**
 * The singular values of ΔW_A − ΔW_B through stacked factors, O((m + n)·(rA + rB)²); none where both have the same factors. One that
 * is absent is zero.
 */
export function singularValuesOfDifference(
  a: Delta | undefined,
  b: Delta | undefined,
  engine: Engine,
): Float64Array {
  const difference = a && b ? differenceOf(a, b, engine) : (a ?? b);
  return difference?.singularValues() ?? new Float64Array(0);
}

/** ‖ΔW_A − ΔW_B‖_F without subtracting squares: what two close updates share cancels in the values, and not in their norms. */
export function normOfDifference(a: Delta, b: Delta, engine: Engine): number {
  const difference = differenceOf(a, b, engine);
  if (difference === undefined) return 0;
  if (keepsItsForm(difference)) return difference.frobeniusNorm();
  const { up, down, scale } = difference.storedFactors();
  const isThin = difference.maxRank < Math.min(difference.rows, difference.cols);
  const [left, right] = isThin
    ? [choleskyQr2(wideMatrix(up), { engine }).r, choleskyQr2(transpose(wideMatrix(down)), { engine }).r]
    : [up, transpose(wideMatrix(down))];
  return Math.abs(scale) * frobeniusNorm(multiply(left, right, { transB: true, engine }));
}

/** ΔW_A − ΔW_B; undefined where the factors of one are copies of the other's, whatever kinds they are. */
function differenceOf(a: Delta, b: Delta, engine: Engine): Delta | undefined {
  const difference = exactSum([a, b], [1, -1], { engine });
  return keepsItsForm(difference) || !haveSameFactors(a, b) ? difference : undefined;
}

/** Whether values were subtracted, and not put beside each other. */
function keepsItsForm(difference: Delta): boolean {
  return difference instanceof KroneckerDelta || difference instanceof DenseDelta;
}

function haveSameFactors(a: Delta, b: Delta): boolean {
  if (a.maxRank !== b.maxRank) return false;
  const [x, y] = [a.storedFactors(), b.storedFactors()];
  return x.scale === y.scale && areSame(x.down, y.down) && areSame(x.up, y.up);
}

function areSame(a: AnyMatrix, b: AnyMatrix): boolean {
  const [x, y] = [wideMatrix(a), wideMatrix(b)];
  return x.rows === y.rows && x.cols === y.cols && x.data.every((value, at) => value === y.data[at]);
}

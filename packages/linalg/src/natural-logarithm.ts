/**
 * ln x for 0 < x < √2, of arithmetic that gives the same bits on every engine (Math.log need not):
 * x = 2⁻ᵉ·m with m in [√½, √2), and ln m = 2·artanh((m − 1)/(m + 1)). Relative error below 2⁻⁵⁰.
 * Takes e steps, meant for x that is seldom tiny.
 */
export function naturalLogarithm(x: number): number {
  let m = x;
  let halvings = 0;
  for (; m < Math.SQRT1_2; m *= 2) halvings++;
  const z = (m - 1) / (m + 1);
  const square = z * z;
  let sum = 0;
  // |z| ≤ 0.1716: the first term left out is below 2⁻⁵⁵ of the sum.
  for (let power = 21; power >= 1; power -= 2) sum = sum * square + 1 / power;
  return 2 * z * sum - halvings * Math.LN2;
}

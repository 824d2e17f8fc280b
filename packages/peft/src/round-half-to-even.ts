/** The nearest whole number; of two equally near ones the even one, as Python and IEEE 754 round. */
export function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** Share of Σσ² that the first 1, 2, … values hold; all 0 where every value is. */
export function energyCurve(s: readonly number[]): number[] {
  const largest = s[0] ?? 0;
  const energies = s.map((value) => (largest === 0 ? 0 : (value / largest) ** 2));
  const whole = energies.reduce((sum, energy) => sum + energy, 0);
  let sum = 0;
  return energies.map((energy) => (whole === 0 ? 0 : Math.min(1, (sum += energy) / whole)));
}

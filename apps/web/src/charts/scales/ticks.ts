const STEPS = [1, 2, 5, 10] as const;

/** Round numbers from `least` to `most`, about as many as asked, ascending. */
export function ticks(least: number, most: number, about: number): number[] {
  if (!(most > least)) return [least];
  const rough = (most - least) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * STEPS.find((one) => one * power >= rough * (1 - 1e-9))!;
  const found: number[] = [];
  // Counted in steps: sums of steps drift.
  for (let at = Math.ceil(least / step - 1e-9); at * step <= most + step * 1e-9; at++) {
    found.push(Number((at * step).toPrecision(12)));
  }
  return found;
}

/** Powers of ten from `least` to `most`, thinned to about as many as asked, ascending. */
export function logTicks(least: number, most: number, about: number): number[] {
  const [from, to] = [Math.ceil(Math.log10(least) - 1e-9), Math.floor(Math.log10(most) + 1e-9)];
  const every = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, about)));
  const found: number[] = [];
  for (let exponent = from; exponent <= to; exponent += every) found.push(Number(`1e${exponent}`));
  return found;
}

/** From nothing (0) to much (1), in steps that look equal: mixed in oklab, between the two ends the theme gives. */
export function sequential(share: number): string {
  return mixed("--scale-much", share);
}

/** From −1, against, over 0 to 1, with: orange and blue, which the colour-blind tell apart. */
export function diverging(value: number): string {
  return value < 0 ? mixed("--scale-against", -value) : mixed("--scale-much", value);
}

function mixed(end: string, share: number): string {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
  return `color-mix(in oklab, var(${end}) ${percent}%, var(--scale-none))`;
}

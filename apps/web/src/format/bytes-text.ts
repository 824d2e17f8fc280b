const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `599 kB`, `6.56 GB`: three digits, decimal units, as file managers have it. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${UNITS[unit]}`;
}

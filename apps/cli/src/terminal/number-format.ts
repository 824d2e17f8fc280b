/**
 * A measured number with three significant digits: `0.0123`, `1.20`, `12345`, `1.20e-7`. What is not there is a
 * dash.
 */
export function significant(value: number | null, digits: number = 3): string {
  if (value === null) return "-";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(digits - 1).replace("e+", "e");
  if (size >= 10 ** digits - 0.5) return value.toFixed(0);
  return value.toPrecision(digits);
}

/** A number that was given, not measured, as short as it is: `16`, `0.5`. */
export function exact(value: number | null): string {
  return value === null ? "-" : String(Number(value.toPrecision(6)));
}

/** A share in percent: `0%`, `0.0012%`, `4.71%`, `12.3%`, `100%`. */
export function percent(share: number | null): string {
  if (share === null) return "-";
  const value = share * 100;
  if (value === 0 || Math.abs(value - 100) < 1e-9) return `${Math.round(value)}%`;
  // 99.97 must not read as 100.
  if (value > 99.9 && value < 100) return value >= 99.99 ? ">99.99%" : `${value.toFixed(2)}%`;
  return `${significant(value)}%`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A size in decimal units, as file managers and download pages count: `980 B`, `1.23 MB`, `36.1 MB`. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return "-";
  let [value, unit] = [bytes, 0];
  // 999.5 rounds to a fourth digit: the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : significant(value)} ${UNITS[unit]}`;
}

/** A span of time in at most two units: `0.4 s`, `12 s`, `1 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 module`, `28 modules`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Three significant digits, trailing zeros kept so that columns line up; an en dash for what is not there. */
export function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value === 0 || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1).replace("e+", "e");
  return value.toPrecision(3).replace(/e.*/u, "");
}

/** `20.6%`; an en dash for what is not there. */
export function percentText(share: number | null | undefined): string {
  if (share === null || share === undefined) return "–";
  if (share === 0) return "0%";
  const percent = 100 * share;
  if (Math.abs(percent) < 0.01) return `${percent.toExponential(0)}%`;
  return `${Number(percent.toPrecision(3))}%`;
}

/** `1–4`, or `8` where they are one. */
export function rangeText(values: readonly number[]): string {
  if (values.length === 0) return "–";
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  return least === most ? numberText(least) : `${numberText(least)}–${numberText(most)}`;
}

/** `1 module`, `12 modules`. */
export function countText(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

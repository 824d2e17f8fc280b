/** A cosine with four decimals; what is not quite 1 does not read as 1. */
export function cosineText(cosine: number | null): string {
  if (cosine === null) return "-";
  if (Math.abs(cosine) === 1) return String(cosine);
  const text = cosine.toFixed(4);
  if (text === "1.0000") return ">0.9999";
  if (text === "-1.0000") return "<-0.9999";
  return text === "-0.0000" ? "0.0000" : text;
}

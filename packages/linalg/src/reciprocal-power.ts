/**
 * About 1 / size as a power of two, which multiplies without rounding, and which is itself a normal double
 * however large or small size is.
 */
export function reciprocalPower(size: number): number {
  const [, highWord] = new Uint32Array(Float64Array.of(size).buffer);
  const exponent = ((highWord >>> 20) & 0x7ff) - 1023;
  return 2 ** -Math.max(-1000, Math.min(1000, exponent));
}

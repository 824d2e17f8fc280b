import type { Matrix } from "../matrix.ts";

/** Σ xᵢ·yᵢ in four interleaved f64 sums, which hide the latency of the addition. */
export function dotVectors(x: Matrix["data"], y: Matrix["data"]): number {
  const paired = x.length - (x.length % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < paired; i += 4) {
    s0 += x[i] * y[i];
    s1 += x[i + 1] * y[i + 1];
    s2 += x[i + 2] * y[i + 2];
    s3 += x[i + 3] * y[i + 3];
  }
  for (let i = paired; i < x.length; i++) s0 += x[i] * y[i];
  return s0 + s1 + (s2 + s3);
}

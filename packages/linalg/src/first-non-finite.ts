import type { Matrix } from "./matrix.ts";

/** Where the first NaN or infinity is; −1 where there is none. */
export function firstNonFinite(data: Matrix["data"]): number {
  if (allFinite(data)) return -1;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}

/** x − x is 0 for what is finite and NaN for what is not; four sums hide the latency of the addition. */
function allFinite(data: Matrix["data"]): boolean {
  const even = data.length - (data.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < even; i += 4) {
    a += data[i] - data[i];
    b += data[i + 1] - data[i + 1];
    c += data[i + 2] - data[i + 2];
    d += data[i + 3] - data[i + 3];
  }
  for (let i = even; i < data.length; i++) a += data[i] - data[i];
  return a + b + c + d === 0;
}

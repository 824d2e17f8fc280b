import { expect, test } from "vitest";
import type { MatrixLike } from "./index.ts";
import { spectralNorm } from "./index.ts";

test.each([1e-2, 1e-3, 1e-4])("the first of two directions %f apart is found from any start", (apart) => {
  const s = Float64Array.from({ length: 200 }, (_, i) => (i === 0 ? 1 : (1 - apart) / Math.sqrt(i)));
  const map = diagonal(s);
  for (let seed = 0; seed < 200; seed++) {
    expect(1 - spectralNorm(map, { seed }).value).toBeLessThan(1e-8);
  }
});

function diagonal(s: Float64Array): MatrixLike {
  const multiply: MatrixLike["multiply"] = (x) => ({
    ...x,
    data: Float64Array.from(x.data, (value, i) => value * s[i]),
  });
  return { rows: s.length, cols: s.length, multiply, multiplyTransposed: multiply };
}

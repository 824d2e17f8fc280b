import { zeros } from "./create.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { seededRandom } from "./seeded-random.ts";

/** rows × cols standard normal entries; the same for the same seed on every engine. */
export function randomMatrix(rows: number, cols: number, seed: number): Float64Matrix {
  const random = seededRandom(seed);
  const result = zeros(rows, cols);
  for (let i = 0; i < result.data.length; i++) result.data[i] = random.normal();
  return result;
}

import type { AnyMatrix, EngineOptions, Float64Matrix, Matrix } from "@lora/linalg";
import { multiply, wideMatrix } from "@lora/linalg";

/**
 * A Tucker core multiplied into the factor beside it: down′[m, (i, k)] = Σₙ mid[m, n, k] · down[n, i].
 *
 * @param core r × (r · kernel)
 * @param down r × in
 * @returns r × (in · kernel)
 */
export function foldedCore(
  core: AnyMatrix,
  down: AnyMatrix,
  { kernel, engine }: EngineOptions & { readonly kernel: number },
): Float64Matrix {
  const rank = core.rows;
  // One product for all kernel positions: (m, k) × n times n × i.
  const positions = { rows: rank * kernel, cols: rank, data: swapped(wideMatrix(core).data, rank, kernel) };
  const product = multiply(positions, down, { engine });
  return { rows: rank, cols: down.cols * kernel, data: swapped(product.data, kernel, down.cols) };
}

/** Blocks of a × b values, each transposed to b × a. */
function swapped(values: Matrix["data"], a: number, b: number): Float64Array {
  const result = new Float64Array(values.length);
  for (let block = 0; block < values.length; block += a * b) {
    for (let i = 0; i < a; i++) {
      for (let j = 0; j < b; j++) result[block + j * a + i] = values[block + i * b + j]!;
    }
  }
  return result;
}

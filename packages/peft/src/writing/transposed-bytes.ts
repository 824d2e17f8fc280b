/**
 * A row-major matrix of stored values, transposed.
 *
 * @param bytes rows · cols values of equal size
 */
export function transposedBytes(bytes: Uint8Array, rows: number, cols: number): Uint8Array {
  const size = bytes.length / (rows * cols);
  const result = new Uint8Array(bytes.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < cols; column++) {
      const to = (column * rows + row) * size;
      for (let byte = 0; byte < size; byte++) result[to + byte] = bytes[at++]!;
    }
  }
  return result;
}

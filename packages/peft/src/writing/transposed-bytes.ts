/**
 * A row-major matrix of stored values, transposed.
 *
 * @param bytes rows · cols values of equal size
 */
export function transposedBytes(bytes: Uint8Array, rows: number, cols: number): Uint8Array {
  const size = bytes.length / (rows * cols);
  if (size === 2 && bytes.byteOffset % 2 === 0) return transposedPairs(bytes, rows, cols);
  const result = new Uint8Array(bytes.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < cols; column++) {
      const to = (column * rows + row) * size;
      for (let byte = 0; byte < size; byte++) result[to + byte] = bytes[at++]!;
    }
  }
  return result;
}

/** Of values of sixteen bits, each moved as one number. */
function transposedPairs({ buffer, byteOffset }: Uint8Array, rows: number, cols: number): Uint8Array {
  const values = new Uint16Array(buffer, byteOffset, rows * cols);
  const result = new Uint16Array(values.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0, to = row; column < cols; column++, at++, to += rows) result[to] = values[at]!;
  }
  return new Uint8Array(result.buffer);
}

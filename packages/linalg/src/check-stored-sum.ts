import { LoraError } from "@lora/tensor";
import type { StoredSum } from "./engine.ts";
import { STORED_BYTES } from "./stored-matrix.ts";

/**
 * Accepts a product of the size of what it is added to.
 *
 * @throws LoraError SHAPE when the bytes are not those of its values, or the inner sizes differ
 */
export function checkStoredSum({ bytes, dtype, a, b }: StoredSum): void {
  const expected = a.rows * b.cols * STORED_BYTES[dtype];
  if (bytes.length === expected && a.cols === b.rows) return;
  throw new LoraError(
    "SHAPE",
    `${a.rows} × ${a.cols} times ${b.rows} × ${b.cols} cannot be added to ${bytes.length} bytes of ${dtype}`,
    { a: [a.rows, a.cols], b: [b.rows, b.cols], bytes: bytes.length, dtype },
  );
}

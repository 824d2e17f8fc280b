import { decode, encode } from "@lora/tensor";
import { checkStoredSum } from "./check-stored-sum.ts";
import { zeros } from "./create.ts";
import type { Engine, HeldSum, RowsOfSum, StoredSum, SumFacts } from "./engine.ts";
import { block, narrowed, strided } from "./ops/strided.ts";
import { STORED_BYTES } from "./stored-matrix.ts";

/** `Engine.addStored` in plain TypeScript; sums of products are f64, rounded to f32 once. */
export function addStored(engine: Engine, sum: StoredSum): SumFacts {
  checkStoredSum(sum);
  const { bytes, dtype, alpha = 1, roundProduct = false } = sum;
  const [a, b] = [narrowed(sum.a), narrowed(sum.b)];
  const exact = zeros(a.rows, b.cols);
  engine.gemm({ a, b, c: strided(exact) });
  const factor = Math.fround(alpha);
  const product = Float32Array.from(exact.data, (value) => Math.fround(value) * factor);
  if (roundProduct) decode(encode(product, dtype), dtype, product);
  const before = new Float32Array(product.length);
  decode(bytes, dtype, before);
  const stored = encode(
    before.map((value, i) => value + product[i]),
    dtype,
  );
  bytes.set(stored);
  const after = new Float32Array(product.length);
  decode(stored, dtype, after);
  let [squares, errorSquares] = [0, 0];
  for (let i = 0; i < product.length; i++) {
    squares += before[i] * before[i];
    errorSquares += (after[i] - before[i] - product[i]) ** 2;
  }
  return { squares, errorSquares };
}

/** `Engine.withStoredSum`: each part is a sum of its own. */
export function withStoredSum<T>(engine: Engine, sum: RowsOfSum, work: (held: HeldSum) => T): T {
  const { a, b, room } = sum;
  const rowBytes = b.cols * STORED_BYTES[sum.dtype];
  const memory = new Uint8Array(room * rowBytes);
  let [squares, errorSquares] = [0, 0];
  return work({
    memory,
    add(first, count) {
      const rows = block(a, [first, first + count], [0, a.cols]);
      const facts = addStored(engine, { ...sum, a: rows, bytes: memory.subarray(0, count * rowBytes) });
      squares += facts.squares;
      errorSquares += facts.errorSquares;
    },
    facts: () => ({ squares, errorSquares }),
  });
}

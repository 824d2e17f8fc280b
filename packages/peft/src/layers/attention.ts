import type { Engine, Matrix } from "@lora/linalg";
import { multiply } from "@lora/linalg";
import { arrayLike, precisionOf } from "./dense-tensor.ts";
import type { DenseTensor } from "./dense-tensor.ts";

/** Queries, keys and values as batch × length × width, and what may not be looked at. */
export interface AttentionInput {
  readonly query: DenseTensor;
  readonly key: DenseTensor;
  readonly value: DenseTensor;
  readonly heads: number;
  /** length × source, added to the scores; −Infinity hides. */
  readonly mask?: Matrix | undefined;
  /** batch × source; true hides. */
  readonly hidden?: readonly (readonly boolean[])[] | undefined;
  readonly engine?: Engine | undefined;
}

/** What came out, and where it looked. */
export interface AttentionOutput {
  /** batch × length × width */
  readonly y: DenseTensor;
  /** batch × length × source, the mean over the heads. */
  readonly weights: DenseTensor;
}

/** softmax(q·kᵀ / √d + mask)·v, head by head. 4·batch·length·source·width operations. */
export function attend(input: AttentionInput): AttentionOutput {
  const { query, key, value, heads, engine } = input;
  const [batch = 0, length = 0, width = 0] = query.shape;
  const source = key.shape[1] ?? 0;
  const y = arrayLike(query.data, query.data.length);
  const weights = arrayLike(query.data, batch * length * source);
  const size = width / heads;
  for (let sample = 0; sample < batch; sample++) {
    for (let head = 0; head < heads; head++) {
      const part = ({ data }: DenseTensor, rows: number): Matrix =>
        headOf(data, { sample, rows, width, head, size });
      const as = precisionOf(query.data);
      const [q, k, v] = [part(query, length), part(key, source), part(value, source)];
      const scores = multiply(q, k, { transB: true, alpha: 1 / Math.sqrt(size), engine, as });
      softmaxRows(scores, input.mask, input.hidden?.[sample]);
      const seen = multiply(scores, v, { engine, as });
      for (let i = 0; i < length; i++) {
        y.set(seen.data.subarray(i * size, (i + 1) * size), (sample * length + i) * width + head * size);
      }
      const from = sample * length * source;
      for (let i = 0; i < scores.data.length; i++)
        weights[from + i] = weights[from + i]! + scores.data[i]! / heads;
    }
  }
  return { y: { shape: query.shape, data: y }, weights: { shape: [batch, length, source], data: weights } };
}

interface HeadPlace {
  readonly sample: number;
  readonly rows: number;
  readonly width: number;
  readonly head: number;
  readonly size: number;
}

function headOf(data: Matrix["data"], { sample, rows, width, head, size }: HeadPlace): Matrix {
  const out = arrayLike(data, rows * size);
  for (let i = 0; i < rows; i++) {
    const from = (sample * rows + i) * width + head * size;
    out.set(data.subarray(from, from + size), i * size);
  }
  return { rows, cols: size, data: out };
}

function softmaxRows(
  { rows, cols, data }: Matrix,
  mask: Matrix | undefined,
  hidden: readonly boolean[] | undefined,
): void {
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * cols, (i + 1) * cols);
    let top = -Infinity;
    for (let j = 0; j < cols; j++) {
      row[j] = hidden?.[j] === true ? -Infinity : row[j]! + (mask?.data[i * cols + j] ?? 0);
      top = Math.max(top, row[j]!);
    }
    let sum = 0;
    for (let j = 0; j < cols; j++) {
      row[j] = Math.exp(row[j]! - top);
      sum += row[j]!;
    }
    for (let j = 0; j < cols; j++) row[j] = row[j]! / sum;
  }
}

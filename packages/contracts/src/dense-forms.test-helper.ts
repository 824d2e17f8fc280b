import type { Part } from "@lora/peft";

/** The values of a sample, by part. */
type Values = ReadonlyMap<Part, Float64Array>;

/** Rows of values by their places. */
export function grid(rows: number, cols: number, value: (row: number, col: number) => number): number[][] {
  return Array.from({ length: rows }, (_, row) => Array.from({ length: cols }, (__, col) => value(row, col)));
}

/** Σ value(index) for index < count. */
export function sum(count: number, value: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < count; index++) total += value(index);
  return total;
}

/** Σᵣ up[o, r] · down[r, i], with `inner` entries a row of down. */
export function product(parts: Values, [out, rank, inner]: readonly [number, number, number]): number[][] {
  const [up, down] = [parts.get("up")!, parts.get("down")!];
  return grid(out, inner, (o, i) => sum(rank, (r) => up[o * rank + r] * down[r * inner + i]));
}

/** Σ_mn up[o, m] · mid[m, n, k] · down[n, i], rows o, columns (i, k). */
export function tucker(
  parts: Values,
  [out, rank, width, kernel]: readonly [number, number, number, number],
): number[][] {
  const [up, mid, down] = [parts.get("up")!, parts.get("mid")!, parts.get("down")!];
  return grid(out, width * kernel, (o, column) => {
    const [i, k] = [Math.floor(column / kernel), column % kernel];
    return sum(rank, (m) =>
      sum(rank, (n) => up[o * rank + m] * mid[(m * rank + n) * kernel + k] * down[n * width + i]),
    );
  });
}

/** (a·b) of one product of a LoHa or a LoKr, by the parts' beginning. */
export function half(
  parts: Values,
  [a, b]: readonly [Part, Part],
  sizes: readonly [number, number, number],
): number[][] {
  return product(new Map([["up", parts.get(a)!] as const, ["down", parts.get(b)!] as const]), sizes);
}

/** The same with a core between: a is r × out. */
export function cored(
  parts: Values,
  [a, core, b]: readonly [Part, Part, Part],
  [out, rank, width, kernel]: readonly [number, number, number, number],
): number[][] {
  const stored = parts.get(a)!;
  const up = Float64Array.from(stored, (_, at) => stored[(at % rank) * out + Math.floor(at / rank)]);
  const roles = [
    ["up", up],
    ["mid", parts.get(core)!],
    ["down", parts.get(b)!],
  ] as const;
  return tucker(new Map<Part, Float64Array>(roles), [out, rank, width, kernel]);
}

/** a ∘ b */
export function entrywise(a: number[][], b: number[][]): number[][] {
  return a.map((row, i) => row.map((value, j) => value * b[i][j]));
}

/** Entry (i·p + k, j·q + l) is a[i, j]·b[k, l]. */
export function kronecker(a: number[][], b: number[][]): number[][] {
  return grid(a.length * b.length, a[0].length * b[0].length, (row, column) => {
    const [p, q] = [b.length, b[0].length];
    return a[Math.floor(row / p)][Math.floor(column / q)] * b[row % p][column % q];
  });
}

/** (1 − q², ±2q)/(1 + q²) */
interface Turn {
  readonly q: number;
  readonly transposed: boolean;
}

/** R·W − W for pairs of outputs that are turned. W is rows × cols. */
export function turnedOutputs(
  rows: number,
  cols: number,
  w: Float64Array,
  { q, transposed }: Turn,
): number[][] {
  const [same, other] = [(1 - q * q) / (1 + q * q), ((transposed ? -1 : 1) * 2 * q) / (1 + q * q)];
  return grid(rows, cols, (o, i) => {
    const at = (row: number): number => w[row * cols + i];
    const first = o % 2 === 0;
    return same * at(o) + (first ? other * at(o + 1) : -other * at(o - 1)) - at(o);
  });
}

/** W·R − W for pairs of inputs. */
export function turnedInputs(rows: number, cols: number, w: Float64Array, turn: Turn): number[][] {
  const flipped = w.map((_, at) => w[(at % rows) * cols + Math.floor(at / rows)]);
  const turned = turnedOutputs(cols, rows, flipped, turn);
  return grid(rows, cols, (o, i) => turned[i][o]);
}

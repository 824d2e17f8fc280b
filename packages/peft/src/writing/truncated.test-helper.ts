import type { Matrix } from "@lora/linalg";
import { transpose } from "@lora/linalg";
import { type DType, encode } from "@lora/tensor";
import type { Adapter } from "../adapter.ts";
import { loadDelta } from "../load-delta.ts";
import type { EncodedFactors, ModuleChange } from "./module-change.ts";

/** Keeps the largest `rank` singular pairs of every module that is named. */
export function truncated(
  adapter: Adapter,
  ranks: Readonly<Record<string, number>>,
  dtype: DType = "f32",
): Map<string, ModuleChange> {
  return new Map(
    Object.entries(ranks).map(([name, rank]) => {
      const module = adapter.modules.find((candidate) => candidate.name === name)!;
      const factors = (storedScale: number) => async (): Promise<EncodedFactors> => {
        const { u, s, v } = (await loadDelta(module)).svd();
        const up = pick(u, rank, (value, index) => (value * s[index]!) / storedScale);
        const down = pick(v, rank, (value) => value);
        return { up: encode(up.data, dtype), down: encode(transpose(down).data, dtype) };
      };
      return [name, rank === 0 ? { kind: "drop" } : { kind: "replace", rank, dtype, factors }];
    }),
  );
}

function pick(a: Matrix, cols: number, change: (value: number, col: number) => number): Matrix {
  const data = new Float64Array(a.rows * cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < cols; j++) data[i * cols + j] = change(a.data[i * a.cols + j]!, j);
  }
  return { rows: a.rows, cols, data };
}

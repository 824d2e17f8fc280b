import { type Matrix, scaled } from "@lora/linalg";
import type { InitDraws } from "./_draws.ts";

/** Uniform entries in ±1/√cols: torch's `kaiming_uniform_(a=√5)`, its default for a linear layer. */
export function uniformByWidth(draws: InitDraws, rows: number, cols: number): Matrix {
  const bound = 1 / Math.sqrt(cols);
  const result = scaled(draws.uniform(rows, cols), 2 * bound);
  for (let i = 0; i < result.data.length; i++) result.data[i]! -= bound;
  return result;
}

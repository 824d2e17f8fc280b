import { type Matrix, frobeniusNorm } from "@lora/linalg";
import type { TableData } from "../charts/figure/chart-table.tsx";
import type { LowRank } from "./low-rank.ts";

/** The lesson's matrices in numbers: how large each is, and how strong. */
export function matricesTable(whole: Matrix, { b, a, product, difference }: LowRank): TableData {
  const named = { ΔW: whole, B: b, A: a, B·A: product, "ΔW − B·A": difference };
  return {
    columns: ["Matrix", "Rows", "Columns", "Norm"],
    rows: Object.entries(named).map(([name, matrix]) => [
      name,
      matrix.rows,
      matrix.cols,
      frobeniusNorm(matrix),
    ]),
  };
}

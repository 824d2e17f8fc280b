import type { Matrix } from "@lora/linalg";
import { storedOf } from "./_input.ts";
import type { Metric } from "./_metric.ts";

function isDead(dimension: number, up: Matrix, down: Matrix): boolean {
  const row = down.data.subarray(dimension * down.cols, (dimension + 1) * down.cols);
  if (row.every((value) => value === 0)) return true;
  for (let i = 0; i < up.rows; i++) if (up.data[i * up.cols + dimension] !== 0) return false;
  return true;
}

/** Indices of the dimensions that add nothing: a column of up or a row of down is all zeros. */
export const deadDimensions: Metric<Float64Array> = {
  id: "deadDimensions",
  title: "stored dimensions that add nothing",
  unit: "index",
  needs: "stored",
  compute(input) {
    const { up, down } = storedOf(input);
    return Float64Array.from({ length: up.cols }, (_, index) => index).filter((index) =>
      isDead(index, up, down),
    );
  },
};

import type { Matrix } from "@lora/linalg";

const [ROWS, COLS] = [24, 18];

/**
 * The update of the lesson: a slope, a ring and a bar. One direction cannot hold it, a handful nearly can, since a ring
 * has no sharp edge along rows and columns.
 */
export function picture(): Matrix {
  const data = new Float64Array(ROWS * COLS);
  for (let i = 0; i < ROWS; i++) {
    for (let j = 0; j < COLS; j++) {
      const radius = Math.hypot(i - 10, (j - 7) * 1.2);
      const ring = Math.exp(-(((radius - 6) / 1.6) ** 2));
      const bar = i > 18 && i < 22 && j > 2 ? -0.8 : 0;
      data[i * COLS + j] = 0.25 * (j / COLS - 0.5) + ring + bar;
    }
  }
  return { rows: ROWS, cols: COLS, data };
}

import { resample } from "./resample.ts";

const UNICODE_LEVELS = "▁▂▃▄▅▆▇█";
const ASCII_LEVELS = "_.-~=+*#";

/** How a sparkline is drawn. */
export interface SparklineOptions {
  readonly unicode: boolean;
  /** Most characters it may take; longer series are resampled. @default 16 */
  readonly width?: number;
  /** `log` shows three decades below the largest value. @default "linear" */
  readonly scale?: "linear" | "log";
  /** What a full block stands for; the largest value when left out. */
  readonly max?: number;
}

const DECADES = 3;

/** A series of values ≥ 0 as a line of blocks, one for each value or stretch of values; zeros are blank. */
export function sparkline(values: ArrayLike<number>, options: SparklineOptions): string {
  const levels = options.unicode ? UNICODE_LEVELS : ASCII_LEVELS;
  const points = resample(values, options.width ?? 16);
  const max = options.max ?? Math.max(...points, 0);
  return points.map((value) => (value > 0 ? levels[level(value / max, options.scale)] : " ")).join("");
}

function level(share: number, scale: SparklineOptions["scale"]): number {
  const height = scale === "log" ? 1 + Math.log10(share) / DECADES : share;
  return Math.min(7, Math.max(0, Math.ceil(height * 8 - 1e-9) - 1));
}

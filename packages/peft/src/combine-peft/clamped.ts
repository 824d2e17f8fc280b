import type { Float64Matrix } from "@lora/linalg";
import type { PeftFactors } from "./peft-factors.ts";

/** Both factors within ± the quantile of their entries together, interpolated linearly. */
export function clamped({ up, down }: PeftFactors, quantile: number): PeftFactors {
  const sorted = new Float64Array(up.data.length + down.data.length);
  sorted.set(up.data);
  sorted.set(down.data, up.data.length);
  sorted.sort();
  const place = quantile * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  const most = below + (above - below) * (place - Math.floor(place));
  const within = ({ rows, cols, data }: Float64Matrix): Float64Matrix => ({
    rows,
    cols,
    data: data.map((value) => Math.min(most, Math.max(-most, value))),
  });
  return { up: within(up), down: within(down) };
}

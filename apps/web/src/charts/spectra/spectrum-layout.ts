import { energyCurve } from "../scales/energy-curve.ts";
import { linear, logarithmic } from "../scales/linear.ts";
import type { Point } from "../scales/path.ts";
import { logTicks, ticks } from "../scales/ticks.ts";
import type { PlotAxesProps } from "./plot-axes.tsx";

/** A spectrum, laid out. */
export interface SpectrumLayout extends PlotAxesProps {
  /** Of σ. */
  readonly points: readonly Point[];
  /** Of the energy up to there. */
  readonly energy: readonly Point[];
}

/** Below this share of σ₁ a value is rounding, and its logarithm says nothing. */
const NOISE = 1e-7;

/** Where everything of a spectrum lies, in a drawing of this size; `s` descends. */
export function spectrumLayout(
  s: readonly number[],
  [width, height]: readonly [number, number],
  logScale: boolean,
): SpectrumLayout {
  const frame = { left: 52, right: width - 44, top: 12, bottom: height - 34 };
  const ends = [frame.bottom, frame.top] as const;
  const last = Math.max(2, s.length);
  const across = linear([1, last], [frame.left, frame.right]);
  const largest = s[0] || 1;
  const least = s.findLast((value) => value > largest * NOISE) ?? largest;
  const curved = logScale && largest > least;
  const up = curved ? logarithmic([least, largest], ends) : linear([0, largest], ends);
  const share = linear([0, 1], ends);
  return {
    frame,
    points: s.map((value, index) => [across(index + 1), up(value)]),
    energy: energyCurve(s).map((value, index) => [across(index + 1), share(value)]),
    left: (curved ? logTicks(least, largest, 5) : ticks(0, largest, 5)).map((value) => [up(value), value]),
    right: [0, 0.5, 1].map((value) => [share(value), `${value * 100}%`]),
    bottom: ticks(1, last, width / 80)
      .filter(Number.isInteger)
      .map((value) => [across(value), value]),
  };
}

import type { JSX } from "preact";
import { useWidth } from "../figure/use-width.ts";
import { energyCurve } from "../scales/energy-curve.ts";
import { linear, logarithmic } from "../scales/linear.ts";
import { areaPath, linePath, type Point } from "../scales/path.ts";
import { logTicks, ticks } from "../scales/ticks.ts";
import { CutLine } from "./cut-line.tsx";
import { PlotAxes } from "./plot-axes.tsx";

interface SpectrumPlotProps {
  readonly name: string;
  /** Descending. */
  readonly s: readonly number[];
  readonly logScale: boolean;
  /** How many are kept. */
  readonly cut: number;
  readonly onCut: (cut: number) => void;
}

const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [260, 52, 44, 12, 34];
/** Below this share of σ₁ a value is rounding, and its logarithm says nothing. */
const NOISE = 1e-7;

/** One spectrum, large: σ on the left axis, the energy to here on the right, and a line that cuts. */
export function SpectrumPlot({ name, s, logScale, cut, onCut }: SpectrumPlotProps): JSX.Element {
  const [box, measured] = useWidth<HTMLDivElement>(640);
  const width = Math.max(240, measured);
  const across = linear([1, Math.max(2, s.length)], [LEFT, width - RIGHT]);
  const largest = s[0] ?? 0;
  const least = logScale ? Math.max(s.findLast((value) => value > largest * NOISE) ?? 1, largest * NOISE) : 0;
  const ends = [HEIGHT - BOTTOM, TOP] as const;
  const up =
    logScale && largest > least ? logarithmic([least, largest], ends) : linear([0, largest || 1], ends);
  const share = linear([0, 1], ends);
  const points = s.map((value, index): Point => [across(index + 1), up(value)]);
  const energy = energyCurve(s).map((value, index): Point => [across(index + 1), share(value)]);
  const marks = logScale && largest > least ? logTicks(least, largest, 5) : ticks(0, largest || 1, 5);
  return (
    <div ref={box}>
      <svg
        role="group"
        aria-label={`Spectrum of ${name}: ${s.length} singular values, the largest ${largest.toPrecision(3)}`}
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
      >
        <path class="wash" d={areaPath(points.slice(0, cut), HEIGHT - BOTTOM)} />
        <PlotAxes
          frame={{ left: LEFT, right: width - RIGHT, top: TOP, bottom: HEIGHT - BOTTOM }}
          left={marks.map((value) => [up(value), value] as const)}
          right={[0, 0.5, 1].map((value) => [share(value), `${value * 100}%`] as const)}
          bottom={ticks(1, Math.max(2, s.length), width / 80)
            .filter(Number.isInteger)
            .map((value) => [across(value), value] as const)}
        />
        <path class="second" d={linePath(energy)} />
        <path class="line" d={linePath(points)} />
        <CutLine
          cut={cut}
          most={s.length}
          across={[LEFT, width - RIGHT]}
          height={[TOP, HEIGHT - BOTTOM]}
          onCut={onCut}
        />
      </svg>
    </div>
  );
}

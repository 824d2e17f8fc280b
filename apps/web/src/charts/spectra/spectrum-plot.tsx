import type { JSX } from "preact";
import { useWidth } from "../figure/use-width.ts";
import { areaPath, linePath } from "../scales/path.ts";
import { CutLine } from "./cut-line.tsx";
import { PlotAxes } from "./plot-axes.tsx";
import { spectrumLayout } from "./spectrum-layout.ts";

interface SpectrumPlotProps {
  readonly name: string;
  /** Descending. */
  readonly s: readonly number[];
  readonly logScale: boolean;
  /** How many are kept. */
  readonly cut: number;
  readonly onCut: (cut: number) => void;
}

const HEIGHT = 260;

/** One spectrum, large: σ on the left axis, the energy to here on the right, and a line that cuts. */
export function SpectrumPlot({ name, s, logScale, cut, onCut }: SpectrumPlotProps): JSX.Element {
  const [box, measured] = useWidth<HTMLDivElement>(640);
  const width = Math.max(240, measured);
  const { points, energy, frame, left, right, bottom } = spectrumLayout(s, [width, HEIGHT], logScale);
  return (
    <div ref={box}>
      <svg
        role="group"
        aria-label={`Spectrum of ${name}: ${s.length} singular values, the largest ${(s[0] ?? 0).toPrecision(3)}`}
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
      >
        <path class="wash" d={areaPath(points.slice(0, cut), frame.bottom)} />
        <PlotAxes frame={frame} left={left} right={right} bottom={bottom} />
        <path class="second" d={linePath(energy)} />
        <path class="line" d={linePath(points)} />
        <CutLine
          cut={cut}
          most={s.length}
          across={[frame.left, frame.right]}
          height={[frame.top, frame.bottom]}
          onCut={onCut}
        />
      </svg>
    </div>
  );
}

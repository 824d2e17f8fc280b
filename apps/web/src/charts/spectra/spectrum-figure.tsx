import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { percentText } from "../../format/number-text.ts";
import { ChartFigure } from "../figure/chart-figure.tsx";
import { energyCurve } from "../scales/energy-curve.ts";
import { SpectrumPlot } from "./spectrum-plot.tsx";

interface SpectrumFigureProps {
  readonly name: string;
  /** Descending. */
  readonly s: readonly number[];
}

/** One module's spectrum, with what a cut would keep. */
export function SpectrumFigure({ name, s }: SpectrumFigureProps): JSX.Element {
  const [cut, setCut] = useState(() => Math.ceil(s.length / 2));
  const [logScale, setLogScale] = useState(false);
  const energy = energyCurve(s);
  const kept = Math.min(cut, s.length);
  const share = kept === 0 ? 0 : energy[kept - 1]!;
  return (
    <ChartFigure
      title={name}
      note="Blue, left axis: singular values of the update. Dashed, right axis: the share of its energy, Σσ², that the directions up to there hold. Drag the line, or move it with the arrow keys."
      fileName={`spectrum-${name.replaceAll(/[^\w.-]/gu, "_")}`}
      table={{
        columns: ["Direction", "σ", "Energy to here"],
        rows: s.map((value, index) => [String(index + 1), value, percentText(energy[index])]),
      }}
      controls={
        <label class="small">
          <input type="checkbox" checked={logScale} onChange={() => setLogScale(!logScale)} />
          Logarithmic
        </label>
      }
    >
      <SpectrumPlot name={name} s={s} logScale={logScale} cut={kept} onCut={setCut} />
      <p class="readout small" aria-live="polite">
        {kept} of {s.length} directions keep {percentText(share)} of the energy: a relative error of{" "}
        {percentText(Math.sqrt(Math.max(0, 1 - share)))}.
      </p>
    </ChartFigure>
  );
}

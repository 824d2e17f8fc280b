import { svd } from "@lora/linalg";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ChartFigure } from "../charts/figure/chart-figure.tsx";
import { energyCurve } from "../charts/scales/energy-curve.ts";
import { SpectrumPlot } from "../charts/spectra/spectrum-plot.tsx";
import { percentText } from "../format/number-text.ts";
import { Slider } from "../what-if/slider.tsx";
import { lowRank } from "./low-rank.ts";
import { matricesTable } from "./matrices-table.ts";
import { MatrixRow } from "./matrix-row.tsx";
import { picture } from "./picture.ts";

/** A matrix, its factors at the rank that is dragged, and what they lack. */
export function FactorLesson(): JSX.Element {
  const [rank, setRank] = useState(3);
  const whole = useMemo(picture, []);
  const decomposed = useMemo(() => svd(whole), [whole]);
  const parts = useMemo(() => lowRank(whole, decomposed, rank), [whole, decomposed, rank]);
  const s = useMemo(() => [...decomposed.s], [decomposed]);
  const choose = (value: number): void => setRank(Math.min(s.length, Math.max(1, Math.round(value))));
  const energy = useMemo(() => energyCurve(s), [s]);
  const { factors, dense } = parts.parameters;
  return (
    <div class="lesson-drag">
      <Slider label="Rank r" value={rank} min={1} max={s.length} step={1} onInput={choose} />
      <ChartFigure
        title="The matrix and its factors"
        note="Blue above zero, orange below, in one scale. Point at a cell for its number."
        fileName={`factors-rank-${rank}`}
        table={matricesTable(whole, parts)}
      >
        <MatrixRow whole={whole} rank={rank} parts={parts} />
      </ChartFigure>
      <p class="readout" role="status">
        Rank {rank}: {factors} numbers instead of {dense}, relative error {percentText(parts.error)}
        {factors >= dense && ". From here on the factors are larger than the matrix"}.
      </p>
      <ChartFigure
        title="Its singular values"
        note="Blue, left axis: σ. Dashed, right axis: the share of the energy up to there. The line is the rank."
        fileName="lesson-spectrum"
        table={{
          columns: ["Direction", "σ", "Energy to here"],
          rows: s.map((value, index) => [String(index + 1), value, percentText(energy[index])]),
        }}
      >
        <SpectrumPlot name="the lesson's matrix" s={s} logScale={false} cut={rank} onCut={choose} />
      </ChartFigure>
    </div>
  );
}

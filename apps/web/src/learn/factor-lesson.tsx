import { svd } from "@lora/linalg";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { SpectrumPlot } from "../charts/spectra/spectrum-plot.tsx";
import { percentText } from "../format/number-text.ts";
import { Slider } from "../what-if/slider.tsx";
import { lowRank } from "./low-rank.ts";
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
  const { factors, dense } = parts.parameters;
  return (
    <div class="lesson-drag">
      <Slider label="Rank r" value={rank} min={1} max={s.length} step={1} onInput={choose} />
      <MatrixRow whole={whole} rank={rank} parts={parts} />
      <p class="readout" role="status">
        Rank {rank}: {factors} numbers instead of {dense}, relative error {percentText(parts.error)}
        {factors >= dense && ". From here on the factors are larger than the matrix"}.
      </p>
      <div class="chart">
        <SpectrumPlot name="the lesson's matrix" s={s} logScale={false} cut={rank} onCut={choose} />
      </div>
    </div>
  );
}

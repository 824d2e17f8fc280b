import { maxAbs, svd } from "@lora/linalg";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { SpectrumPlot } from "../charts/spectra/spectrum-plot.tsx";
import { percentText } from "../format/number-text.ts";
import { Slider } from "../what-if/slider.tsx";
import { lowRank } from "./low-rank.ts";
import { MatrixView } from "./matrix-view.tsx";
import { picture } from "./picture.ts";

/** A matrix, its factors at the rank that is dragged, and what they lack. */
export function FactorLesson(): JSX.Element {
  const [rank, setRank] = useState(3);
  const { whole, parts, most } = useMemo(() => {
    const whole = picture();
    return { whole, parts: svd(whole), most: maxAbs(whole) };
  }, []);
  const { b, a, product, difference, error, parameters } = useMemo(
    () => lowRank(whole, parts, rank),
    [whole, parts, rank],
  );
  const s = useMemo(() => [...parts.s], [parts]);
  return (
    <div class="lesson-drag">
      <Slider
        label="Rank r"
        value={rank}
        min={1}
        max={s.length}
        step={1}
        onInput={(value) => setRank(Math.min(s.length, Math.max(1, Math.round(value))))}
      />
      <div class="matrices">
        <MatrixView name="ΔW" what="a ring above a bar" matrix={whole} most={most} />
        <span class="sign">≈</span>
        <MatrixView name="B" what="how much of each direction goes to every output" matrix={b} most={most} />
        <span class="sign">·</span>
        <MatrixView name="A" what="what each direction reads from every input" matrix={a} most={most} />
        <span class="sign">=</span>
        <MatrixView name="B·A" what={`the nearest matrix of rank ${rank}`} matrix={product} most={most} />
        <MatrixView name="ΔW − B·A" what="what is missing" matrix={difference} most={most} />
      </div>
      <p class="readout" role="status">
        Rank {rank}: {parameters.factors} numbers instead of {parameters.dense}, relative error{" "}
        {percentText(error)}
        {parameters.factors >= parameters.dense && ". From here on the factors are larger than the matrix"}.
      </p>
      <div class="chart">
        <SpectrumPlot
          name="the lesson's matrix"
          s={s}
          logScale={false}
          cut={rank}
          onCut={(cut) => setRank(Math.max(1, cut))}
        />
      </div>
    </div>
  );
}

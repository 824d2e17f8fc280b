import type { JSX } from "preact";
import { useAppState } from "../app/use-app.ts";
import { SpectrumFigure } from "../charts/spectra/spectrum-figure.tsx";
import { SampleButton } from "../files/sample-button.tsx";
import { numberText, percentText } from "../format/number-text.ts";
import { analysisKey } from "../store/app-state.ts";

/** The same on a layer of the file that is open. */
export function RealLayer(): JSX.Element {
  const analysis = useAppState(({ analyses, shown, base }) => analyses[analysisKey(shown ?? "", base)]);
  const selected = useAppState((state) => state.selected);
  if (analysis?.kind === "running") return <p class="quiet">It is drawn when every module is measured.</p>;
  if (analysis?.kind !== "done") {
    return (
      <div class="lesson-drag">
        <p>Drop a LoRA anywhere on this page, or take the one that comes with it.</p>
        <SampleButton class="primary" />
      </div>
    );
  }
  const { modules } = analysis.report;
  const strongest = modules.reduce((a, b) => (b.frobenius > a.frobenius ? b : a), modules[0]!);
  const { name, singularValues, shape, rank, effectiveRank, rank90 } =
    modules.find((module) => module.name === selected) ?? strongest;
  const [out = 0, ...inner] = shape;
  const width = inner.reduce((product, size) => product * size, 1);
  const share = (rank * (out + width)) / (out * width);
  return (
    <div class="lesson-drag">
      <p>
        This layer's weight is {out} × {width}. Its update has rank {rank}, which is {percentText(share)} of
        the numbers a full one would take. {rank90} {rank90 === 1 ? "direction holds" : "directions hold"} 90%
        of its energy, and counted by how evenly they share it there are {numberText(effectiveRank)}.
      </p>
      <SpectrumFigure key={name} name={name} s={singularValues} />
    </div>
  );
}

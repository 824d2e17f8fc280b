import type { JSX } from "preact";
import type { ReportProps } from "../../report-props.ts";
import { ChartFigure } from "../figure/chart-figure.tsx";
import { HistogramFigure } from "../histogram/histogram-figure.tsx";
import { SmallMultiples } from "./small-multiples.tsx";
import { SpectrumFigure } from "./spectrum-figure.tsx";

/** How every update is spread over its rank: all spectra small, one large. */
export function SpectraSection({ analysis, selected, onSelect }: ReportProps): JSX.Element {
  if (analysis === undefined) return <p class="quiet">Drawn when every module is measured.</p>;
  const { modules } = analysis;
  const strongest = modules.reduce((a, b) => (b.frobenius > a.frobenius ? b : a), modules[0]!);
  const shown = modules.find(({ name }) => name === selected) ?? strongest;
  return (
    <div class="chart-stack">
      <SpectrumFigure key={shown.name} name={shown.name} s={shown.singularValues} />
      <ChartFigure
        title="Every module"
        note="Singular values of each update, from its largest down to 0. A line that falls early wastes the rest of its rank."
        fileName="spectra"
        table={{
          columns: ["Module", "σ₁", "Effective rank", "Rank", "Rank for 90%", "Rank for 99%"],
          rows: modules.map((module) => [
            module.name,
            module.spectral,
            module.effectiveRank,
            module.rank,
            module.rank90,
            module.rank99,
          ]),
        }}
      >
        <SmallMultiples modules={modules} selected={shown.name} onSelect={onSelect} />
      </ChartFigure>
      <HistogramFigure
        title="Effective rank"
        note="How many modules use how much of their rank."
        values={modules.filter(({ zero }) => !zero).map(({ effectiveRank }) => effectiveRank)}
      />
    </div>
  );
}

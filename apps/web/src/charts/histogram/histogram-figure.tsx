import type { JSX } from "preact";
import { numberText } from "../../format/number-text.ts";
import { ChartFigure } from "../figure/chart-figure.tsx";
import { bins } from "../scales/bins.ts";
import { Histogram } from "./histogram.tsx";

interface HistogramFigureProps {
  readonly title: string;
  readonly note: string;
  readonly values: readonly number[];
}

const MOST_BINS = 24;

/** How values are spread, with its table. */
export function HistogramFigure({ title, note, values }: HistogramFigureProps): JSX.Element {
  const found = bins(values, Math.min(MOST_BINS, Math.max(1, Math.ceil(Math.sqrt(values.length) * 2))));
  return (
    <ChartFigure
      title={title}
      note={note}
      fileName={title.toLowerCase().replaceAll(" ", "-")}
      table={{
        columns: [title, "Modules"],
        rows: found.map(({ from, to, count }) => [`${numberText(from)} to ${numberText(to)}`, count]),
      }}
    >
      <Histogram title={title} bins={found} />
    </ChartFigure>
  );
}

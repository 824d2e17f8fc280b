import "./chart-figure.css";
import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { saveBlob } from "../../save/save-blob.ts";
import { ChartTable, type TableData } from "./chart-table.tsx";
import { svgText } from "./svg-text.ts";

interface ChartFigureProps {
  readonly title: string;
  /** What the chart shows, in a sentence: under it, and for screen readers. */
  readonly note: string;
  /** Of the drawing that is saved, without an ending. */
  readonly fileName: string;
  /** The same as numbers. */
  readonly table: TableData;
  /** Choices above the chart. */
  readonly controls?: ComponentChildren;
  /** With one svg among it, or several, which are saved as they stand. */
  readonly children: ComponentChildren;
}

/** A chart with its name, its numbers as a table, and a way to save the drawing. */
export function ChartFigure(props: ChartFigureProps): JSX.Element {
  const { title, note, fileName, table, controls, children } = props;
  const [asTable, setAsTable] = useState(false);
  const drawing = useRef<HTMLDivElement>(null);
  const save = async (): Promise<void> => {
    const text = await svgText(drawing.current!);
    if (text !== undefined) saveBlob(new Blob([text], { type: "image/svg+xml" }), `${fileName}.svg`);
  };
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <div class="chart-tools">
          {!asTable && controls}
          <button
            type="button"
            class="plain small"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            Table
          </button>
          {!asTable && (
            <button type="button" class="plain small" onClick={() => void save()}>
              Save SVG
            </button>
          )}
        </div>
      </figcaption>
      {asTable ? <ChartTable title={title} data={table} /> : <div ref={drawing}>{children}</div>}
      <p class="quiet small">{note}</p>
    </figure>
  );
}

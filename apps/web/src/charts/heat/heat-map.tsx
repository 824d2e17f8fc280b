import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { useStaged } from "../../use-staged.ts";
import { useWidth } from "../figure/use-width.ts";
import { HeatHeads } from "./heat-heads.tsx";
import { heatLayout } from "./heat-layout.ts";
import { HeatRow, type HeatRowProps } from "./heat-row.tsx";
import type { HeatValues } from "./heat-values.ts";
import type { LayerGrid } from "./layer-grid.ts";
import { useGridFocus } from "./use-grid-focus.ts";

interface HeatMapProps {
  readonly grid: LayerGrid;
  readonly shown: HeatValues;
  /** The value with the strongest colour. */
  readonly most: number;
  /** Module that is looked at. */
  readonly selected: number | undefined;
  readonly onSelect: (module: number) => void;
}

/** So that no task is long. */
const ROWS_A_TASK = 8;

/** Blocks as rows, kinds of layer as columns: one look at a whole part of a model. Arrow keys move, Enter selects. */
export function HeatMap({ grid, shown, most, selected, onSelect }: HeatMapProps): JSX.Element {
  const [box, width] = useWidth<HTMLDivElement>(720);
  const [pointed, setPointed] = useState<number>();
  const { part, columns, rows } = grid;
  const { svg, at, setAt, onKeyDown } = useGridFocus(
    rows.map(({ cells }) => cells),
    onSelect,
  );
  const layout = useMemo(() => heatLayout(rows.length, columns.length, width), [rows, columns, width]);
  const drawn = ROWS_A_TASK * useStaged(Math.ceil(rows.length / ROWS_A_TASK), grid);
  const choose = useCallback<HeatRowProps["onSelect"]>(
    (row, column, module) => {
      setAt({ row, column });
      onSelect(module);
    },
    [setAt, onSelect],
  );
  const row = { layout, columns, shown, most, onPoint: setPointed, onSelect: choose };
  return (
    <div ref={box} onPointerLeave={() => setPointed(undefined)}>
      <div class="chart-scroll">
        <svg
          ref={svg}
          role="grid"
          aria-label={`${part === undefined ? "" : `${part}: `}${shown.title} by block and kind of layer`}
          {...layout.frame}
          style={{ maxWidth: "none" }}
          onKeyDown={onKeyDown}
        >
          <HeatHeads columns={columns} layout={layout} />
          {rows.slice(0, drawn).map((one, index) => (
            <HeatRow
              key={one.title}
              {...row}
              row={one}
              index={index}
              focus={index === at.row ? at.column : undefined}
              selected={one.cells.includes(selected) ? selected : undefined}
            />
          ))}
        </svg>
      </div>
      <p class="readout small">{readout(grid, pointed ?? rows[at.row]?.cells[at.column], shown)}</p>
    </div>
  );
}

function readout({ columns, rows }: LayerGrid, module: number | undefined, shown: HeatValues): string {
  const row = module === undefined ? undefined : rows.find(({ cells }) => cells.includes(module));
  if (module === undefined || row === undefined) return "";
  const { title, values, text } = shown;
  return `${row.title}, ${columns[row.cells.indexOf(module)]}: ${title.toLowerCase()} ${text(values[module] ?? null)}`;
}

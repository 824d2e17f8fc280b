import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { useWidth } from "../figure/use-width.ts";
import { HeatLegend } from "./heat-legend.tsx";
import { HeatRow } from "./heat-row.tsx";
import type { LayerGrid } from "./layer-grid.ts";
import { type GridPlace, moveInGrid } from "./move-in-grid.ts";

/** A value of every module, and how it is said. */
export interface HeatValues {
  readonly title: string;
  /** By module; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly text: (value: number | null) => string;
}

interface HeatMapProps {
  readonly grid: LayerGrid;
  readonly shown: HeatValues;
  /** Module that is looked at. */
  readonly selected: number | undefined;
  readonly onSelect: (module: number) => void;
}

/** The last column head leans out to the right by `OVERHANG`. */
const [LABEL_WIDTH, HEAD_HEIGHT, ROW_HEIGHT, OVERHANG, MOST_WIDTH, LEAST_WIDTH] = [104, 84, 18, 64, 72, 22];

/** Blocks as rows, kinds of layer as columns: one look at a whole model. Arrow keys move, Enter selects. */
export function HeatMap({ grid, shown, selected, onSelect }: HeatMapProps): JSX.Element {
  const [box, width] = useWidth<HTMLDivElement>(720);
  const svg = useRef<SVGSVGElement>(null);
  const [at, setAt] = useState<GridPlace>(() => firstPlace(grid));
  const [pointed, setPointed] = useState<number>();
  const { columns, rows } = grid;
  const cell = Math.max(
    LEAST_WIDTH,
    Math.min(MOST_WIDTH, (width - LABEL_WIDTH - OVERHANG) / Math.max(1, columns.length)),
  );
  const most = shown.values.reduce<number>((largest, value) => Math.max(largest, value ?? 0), 0);
  const focus = (place: GridPlace): void => {
    setAt(place);
    svg.current?.querySelector<SVGElement>(`[data-place="${place.row} ${place.column}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const module = rows[at.row]?.cells[at.column];
    const place = moveInGrid(
      event.key,
      at,
      rows.map(({ cells }) => cells),
    );
    if (place !== undefined) focus(place);
    else if ((event.key === "Enter" || event.key === " ") && module !== undefined) onSelect(module);
    else return;
    event.preventDefault();
  };
  const told = pointed ?? rows[at.row]?.cells[at.column];
  const size = [
    LABEL_WIDTH + cell * columns.length + OVERHANG,
    HEAD_HEIGHT + ROW_HEIGHT * rows.length + 2,
  ] as const;
  return (
    <div ref={box}>
      <div class="chart-scroll">
        <svg
          ref={svg}
          role="grid"
          aria-label={`${shown.title} by block and kind of layer`}
          width={size[0]}
          height={size[1]}
          viewBox={`0 0 ${size[0]} ${size[1]}`}
          style={{ maxWidth: "none" }}
          onKeyDown={onKeyDown}
          onPointerLeave={() => setPointed(undefined)}
        >
          <g role="row">
            {columns.map((kind, column) => (
              <text
                key={kind}
                role="columnheader"
                transform={`translate(${LABEL_WIDTH + cell * (column + 0.5)} ${HEAD_HEIGHT - 6}) rotate(-45)`}
              >
                <title>{kind}</title>
                {kind.length > 17 ? `…${kind.slice(-16)}` : kind}
              </text>
            ))}
          </g>
          {rows.map((row, index) => (
            <HeatRow
              key={row.title}
              row={row}
              index={index}
              top={HEAD_HEIGHT + ROW_HEIGHT * index}
              left={LABEL_WIDTH}
              cell={[cell, ROW_HEIGHT]}
              columns={columns}
              shown={shown}
              most={most}
              focused={at.row === index ? at.column : undefined}
              selected={selected}
              onPoint={setPointed}
              onSelect={(column, module) => {
                setAt({ row: index, column });
                onSelect(module);
              }}
            />
          ))}
        </svg>
      </div>
      <HeatLegend title={shown.title} most={shown.text(most)} />
      <p class="readout small">{told === undefined ? "" : readout(grid, told, shown)}</p>
    </div>
  );
}

function firstPlace({ rows }: LayerGrid): GridPlace {
  const row = Math.max(
    0,
    rows.findIndex(({ cells }) => cells.some((cell) => cell !== undefined)),
  );
  return { row, column: Math.max(0, rows[row]?.cells.findIndex((cell) => cell !== undefined) ?? 0) };
}

function readout({ columns, rows }: LayerGrid, module: number, { title, values, text }: HeatValues): string {
  const row = rows.find(({ cells }) => cells.includes(module));
  const kind = columns[row?.cells.indexOf(module) ?? 0] ?? "";
  return `${row?.title ?? ""}, ${kind}: ${title.toLowerCase()} ${text(values[module] ?? null)}`;
}

import type { JSX } from "preact";
import { memo } from "../../memo.tsx";
import { sequential } from "../scales/colour.ts";
import { HeatCell } from "./heat-cell.tsx";
import type { HeatLayout } from "./heat-layout.ts";
import type { HeatValues } from "./heat-values.ts";
import type { GridRow } from "./layer-grid.ts";

export interface HeatRowProps {
  readonly row: GridRow;
  readonly index: number;
  readonly layout: HeatLayout;
  readonly columns: readonly string[];
  readonly shown: HeatValues;
  /** The value with the strongest colour. */
  readonly most: number;
  /** Column where the keyboard is, if it is in this row. */
  readonly focus: number | undefined;
  readonly selected: number | undefined;
  readonly onPoint: (module: number) => void;
  readonly onSelect: (row: number, column: number, module: number) => void;
}

/** One block of a heat map. */
export const HeatRow = memo(function HeatRow(props: HeatRowProps): JSX.Element {
  const { row, index, layout, columns, shown, most, focus, selected, onPoint, onSelect } = props;
  const [width, height] = layout.cell;
  const top = layout.top + height * index;
  return (
    <g role="row">
      <text role="rowheader" x={layout.left - 6} y={top + height - 5} text-anchor="end">
        <title>{row.title}</title>
        {row.label.length > 17 ? `…${row.label.slice(-16)}` : row.label}
      </text>
      {row.cells.map((module, column) => {
        if (module === undefined) return null;
        const value = shown.values[module] ?? null;
        return (
          <HeatCell
            key={column}
            text={`${row.title}, ${columns[column]}: ${shown.text(value)}`}
            place={`${index} ${column}`}
            box={{ x: layout.left + width * column + 1, y: top + 1, width: width - 2, height: height - 2 }}
            fill={value === null ? "none" : sequential(most === 0 ? 0 : value / most)}
            focusable={focus === column}
            selected={module === selected}
            onPoint={() => onPoint(module)}
            onSelect={() => onSelect(index, column, module)}
          />
        );
      })}
    </g>
  );
});

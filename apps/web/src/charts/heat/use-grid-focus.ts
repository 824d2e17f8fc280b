import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import { type GridPlace, moveInGrid } from "./move-in-grid.ts";

/** Keyboard focus inside a grid that is drawn: one cell of it can be tabbed to, arrow keys lead to the others. */
export interface GridFocus {
  readonly svg: RefObject<SVGSVGElement>;
  readonly at: GridPlace;
  readonly setAt: (place: GridPlace) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/**
 * The focus of a grid; its cells carry their place as `data-place="row column"`.
 *
 * @param cells by row; undefined where there is a gap
 * @param onEnter for the cell that is at the focus
 */
export function useGridFocus<T>(
  cells: readonly (readonly (T | undefined)[])[],
  onEnter: (cell: T) => void,
): GridFocus {
  const svg = useRef<SVGSVGElement>(null);
  const [at, setAt] = useState(() => firstPlace(cells));
  const onKeyDown = (event: KeyboardEvent): void => {
    const place = moveInGrid(event.key, at, cells);
    const cell = cells[at.row]?.[at.column];
    if (place !== undefined) {
      setAt(place);
      svg.current?.querySelector<SVGElement>(`[data-place="${place.row} ${place.column}"]`)?.focus();
    } else if ((event.key === "Enter" || event.key === " ") && cell !== undefined) onEnter(cell);
    else return;
    event.preventDefault();
  };
  return { svg, at, setAt, onKeyDown };
}

function firstPlace(cells: readonly (readonly unknown[])[]): GridPlace {
  const row = Math.max(
    0,
    cells.findIndex((one) => one.some((cell) => cell !== undefined)),
  );
  return { row, column: Math.max(0, cells[row]?.findIndex((cell) => cell !== undefined) ?? 0) };
}

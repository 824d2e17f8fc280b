import type { JSX } from "preact";

interface HeatCellProps {
  readonly text: string;
  /** In the grid, `row column`. */
  readonly place: string;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly fill: string;
  readonly focusable: boolean;
  readonly selected: boolean;
  readonly onPoint: () => void;
  readonly onSelect: () => void;
}

/** One module in a heat map. */
export function HeatCell(props: HeatCellProps): JSX.Element {
  const { text, place, box, fill, focusable, selected, onPoint, onSelect } = props;
  return (
    <rect
      role="gridcell"
      aria-label={text}
      aria-selected={selected}
      class={selected ? "ring on" : "ring"}
      data-place={place}
      tabindex={focusable ? 0 : -1}
      {...box}
      rx="2"
      style={{ fill }}
      onPointerEnter={onPoint}
      onClick={onSelect}
    >
      <title>{text}</title>
    </rect>
  );
}

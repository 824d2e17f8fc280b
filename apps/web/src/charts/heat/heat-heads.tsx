import type { JSX } from "preact";
import type { HeatLayout } from "./heat-layout.ts";

interface HeatHeadsProps {
  readonly columns: readonly string[];
  readonly layout: HeatLayout;
}

/** Kinds of layer, above their columns. */
export function HeatHeads({ columns, layout }: HeatHeadsProps): JSX.Element {
  const { left, top, cell } = layout;
  return (
    <g role="row">
      {columns.map((kind, column) => (
        <text
          key={kind}
          role="columnheader"
          transform={`translate(${left + cell[0] * (column + 0.5)} ${top - 6}) rotate(-45)`}
        >
          <title>{kind}</title>
          {kind.length > 17 ? `…${kind.slice(-16)}` : kind}
        </text>
      ))}
    </g>
  );
}

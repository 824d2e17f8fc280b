import type { JSX } from "preact";
import { numberText } from "../../format/number-text.ts";

type Mark = readonly [place: number, label: string | number];

/** Axes, laid out. */
export interface PlotAxesProps {
  readonly frame: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
  readonly left: readonly Mark[];
  readonly right: readonly Mark[];
  readonly bottom: readonly Mark[];
}

const text = (label: string | number): string => (typeof label === "number" ? numberText(label) : label);

/** Axes of σ (left), energy (right) and direction (below), with what they are called. */
export function PlotAxes({ frame, left, right, bottom }: PlotAxesProps): JSX.Element {
  return (
    <g aria-hidden="true">
      {left.map(([y, label]) => (
        <g key={`l${y}`}>
          <line class="grid" x1={frame.left} x2={frame.right} y1={y} y2={y} />
          <text x={frame.left - 6} y={y + 4} text-anchor="end">
            {text(label)}
          </text>
        </g>
      ))}
      {right.map(([y, label]) => (
        <text key={`r${y}`} x={frame.right + 6} y={y + 4}>
          {text(label)}
        </text>
      ))}
      {bottom.map(([x, label]) => (
        <text key={`b${x}`} x={x} y={frame.bottom + 16} text-anchor="middle">
          {text(label)}
        </text>
      ))}
      <line class="axis" x1={frame.left} x2={frame.right} y1={frame.bottom} y2={frame.bottom} />
      <text x={(frame.left + frame.right) / 2} y={frame.bottom + 31} text-anchor="middle">
        direction
      </text>
    </g>
  );
}

import type { JSX } from "preact";
import { numberText } from "../../format/number-text.ts";
import { diverging } from "../scales/colour.ts";

interface InterferenceRowProps {
  readonly names: readonly string[];
  readonly index: number;
  readonly cosines: readonly (number | null)[];
  /** Where the cells begin, and how large one is. */
  readonly left: number;
  readonly top: number;
  readonly cell: readonly [width: number, height: number];
}

/** Pale enough for the number on it, in both themes. */
const STRENGTH = 0.55;

/** How one adapter stands to every other one. */
export function InterferenceRow({
  names,
  index,
  cosines,
  left,
  top,
  cell,
}: InterferenceRowProps): JSX.Element {
  const [width, height] = cell;
  const name = names[index]!;
  return (
    <g transform={`translate(0 ${top})`}>
      <text x={left - 8} y={height / 2 + 4} text-anchor="end">
        <title>{name}</title>
        {`${index + 1}. ${name.length > 20 ? `${name.slice(0, 10)}…${name.slice(-9)}` : name}`}
      </text>
      {cosines.map((value, other) => (
        <g key={other} transform={`translate(${left + width * other} 0)`}>
          <title>{`${name} and ${names[other]}: ${numberText(value)}`}</title>
          <rect
            x="1"
            y="1"
            width={width - 2}
            height={height - 2}
            rx="3"
            style={{ fill: diverging((value ?? 0) * STRENGTH) }}
          />
          <text class="strong" x={width / 2} y={height / 2 + 4} text-anchor="middle">
            {value === null ? "–" : value.toFixed(2)}
          </text>
        </g>
      ))}
    </g>
  );
}

import type { Matrix } from "@lora/linalg";
import type { JSX } from "preact";
import { diverging } from "../charts/scales/colour.ts";
import { numberText } from "../format/number-text.ts";

interface MatrixViewProps {
  readonly name: string;
  /** What it is, for who does not see it. */
  readonly what: string;
  readonly matrix: Matrix;
  /** The value of the strongest colour. */
  readonly most: number;
}

const CELL = 10;

/** A small matrix as a picture: blue above 0, orange below, none at 0. Each cell says its number. */
export function MatrixView({ name, what, matrix, most }: MatrixViewProps): JSX.Element {
  const { rows, cols, data } = matrix;
  const size = [cols * CELL, rows * CELL] as const;
  return (
    <figure class="matrix">
      <svg
        role="img"
        aria-label={`${name}, ${rows} by ${cols}: ${what}`}
        width={size[0]}
        height={size[1]}
        viewBox={`0 0 ${size[0]} ${size[1]}`}
      >
        {Array.from(data, (value, index) => (
          <rect
            key={index}
            x={(index % cols) * CELL}
            y={Math.floor(index / cols) * CELL}
            width={CELL}
            height={CELL}
            style={{ fill: diverging(value / most) }}
          >
            <title>{numberText(value)}</title>
          </rect>
        ))}
        <rect class="frame" x="0.5" y="0.5" width={size[0] - 1} height={size[1] - 1} />
      </svg>
      <figcaption>
        <strong class="mono">{name}</strong>{" "}
        <span class="quiet small">
          {rows} × {cols}
        </span>
      </figcaption>
    </figure>
  );
}

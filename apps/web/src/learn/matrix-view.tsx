import type { Matrix } from "@lora/linalg";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { diverging } from "../charts/scales/colour.ts";
import { numberText } from "../format/number-text.ts";
import { cellPaths } from "./cell-paths.ts";

interface MatrixViewProps {
  readonly name: string;
  /** What it is, for who does not see it. */
  readonly what: string;
  readonly matrix: Matrix;
  /** The value of the strongest colour. */
  readonly most: number;
}

const CELL = 10;

/** A small matrix as a picture: blue above 0, orange below, none at 0. The cell that is pointed at says its number. */
export function MatrixView({ name, what, matrix, most }: MatrixViewProps): JSX.Element {
  const { rows, cols, data } = matrix;
  const [pointed, setPointed] = useState<number>();
  const size = [cols * CELL, rows * CELL] as const;
  const frame = { width: size[0], height: size[1], viewBox: `0 0 ${size.join(" ")}` };
  const point = ({ currentTarget, offsetX, offsetY }: JSX.TargetedPointerEvent<SVGSVGElement>): void => {
    const cell = (CELL * currentTarget.clientWidth) / size[0];
    const [row, column] = [Math.floor(offsetY / cell), Math.floor(offsetX / cell)];
    setPointed(row < rows && column < cols ? row * cols + column : undefined);
  };
  return (
    <figure class="matrix" onPointerLeave={() => setPointed(undefined)}>
      <svg role="img" aria-label={`${name}, ${rows} by ${cols}: ${what}`} {...frame} onPointerMove={point}>
        {cellPaths(matrix, most, CELL).map(({ level, path }) => (
          <path key={level} d={path} style={{ fill: diverging(level) }} />
        ))}
        <rect class="frame" x="0.5" y="0.5" width={size[0] - 1} height={size[1] - 1} />
      </svg>
      <figcaption>
        <strong class="mono">{name}</strong>{" "}
        <span class="quiet small">
          {pointed === undefined ? `${rows} × ${cols}` : numberText(data[pointed])}
        </span>
      </figcaption>
    </figure>
  );
}

import type { ModuleAnalysis } from "@lora/jobs";
import type { JSX } from "preact";
import { memo } from "../../memo.tsx";
import { numberText } from "../../format/number-text.ts";
import { linear } from "../scales/linear.ts";
import { linePath, type Point } from "../scales/path.ts";

export interface SmallSpectrumProps {
  readonly module: ModuleAnalysis;
  /** In the grid. */
  readonly row: number;
  readonly column: number;
  /** In the drawing, in pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly focusable: boolean;
  readonly selected: boolean;
  readonly onPoint: (module: ModuleAnalysis) => void;
  readonly onSelect: (row: number, column: number, module: ModuleAnalysis) => void;
}

/** A spectrum in words. */
export function spectrumText({ name, spectral, effectiveRank, rank }: ModuleAnalysis): string {
  return `${name}: σ₁ ${numberText(spectral)}, effective rank ${numberText(effectiveRank)} of ${rank}`;
}

/** One spectrum, small. */
export const SmallSpectrum = memo(function SmallSpectrum(props: SmallSpectrumProps): JSX.Element {
  const { module, row, column, focusable, selected, onPoint, onSelect } = props;
  const { left, top, width, height } = props;
  const { singularValues: s } = module;
  const across = linear([0, Math.max(1, s.length - 1)], [4, width - 4]);
  const up = linear([0, s[0] || 1], [height - 4, 5]);
  const points = s.map((value, at): Point => [across(at), up(value)]);
  const text = spectrumText(module);
  return (
    <g
      role="gridcell"
      aria-label={text}
      aria-selected={selected}
      data-place={`${row} ${column}`}
      tabindex={focusable ? 0 : -1}
      transform={`translate(${left} ${top})`}
      onPointerEnter={() => onPoint(module)}
      onClick={() => onSelect(row, column, module)}
    >
      <title>{text}</title>
      <rect
        class={selected ? "ring small-frame on" : "ring small-frame"}
        width={width}
        height={height}
        rx="3"
      />
      {points.length === 1 ? (
        <circle class="bar" cx={width / 2} cy={points[0]![1]} r="2.5" />
      ) : (
        <path class="line" d={linePath(points)} />
      )}
    </g>
  );
});

import type { ModuleAnalysis } from "@lora/jobs";
import type { JSX } from "preact";
import { numberText } from "../../format/number-text.ts";
import { linear } from "../scales/linear.ts";
import { linePath, type Point } from "../scales/path.ts";

interface SmallSpectrumProps {
  readonly module: ModuleAnalysis;
  /** In the grid, `row column`. */
  readonly place: string;
  readonly box: readonly [x: number, y: number, width: number, height: number];
  readonly focusable: boolean;
  readonly selected: boolean;
  readonly onPoint: (module: ModuleAnalysis) => void;
  readonly onSelect: () => void;
}

/** A spectrum in words. */
export function spectrumText({ name, spectral, effectiveRank, rank }: ModuleAnalysis): string {
  return `${name}: σ₁ ${numberText(spectral)}, effective rank ${numberText(effectiveRank)} of ${rank}`;
}

/** One spectrum, small. */
export function SmallSpectrum(props: SmallSpectrumProps): JSX.Element {
  const { module, place, box, focusable, selected, onPoint, onSelect } = props;
  const [left, top, width, height] = box;
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
      data-place={place}
      tabindex={focusable ? 0 : -1}
      transform={`translate(${left} ${top})`}
      onPointerEnter={() => onPoint(module)}
      onClick={onSelect}
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
}

import type { ModuleAnalysis } from "@lora/jobs";
import type { JSX } from "preact";
import { numberText } from "../../format/number-text.ts";
import { linear } from "../scales/linear.ts";
import { linePath, type Point } from "../scales/path.ts";

interface SmallSpectrumProps {
  readonly module: ModuleAnalysis;
  readonly index: number;
  readonly place: readonly [x: number, y: number];
  readonly size: readonly [width: number, height: number];
  readonly focusable: boolean;
  readonly selected: boolean;
  readonly onPoint: (index: number) => void;
  readonly onSelect: () => void;
}

/** One spectrum, small. */
export function SmallSpectrum(props: SmallSpectrumProps): JSX.Element {
  const { module, index, place, size, focusable, selected, onPoint, onSelect } = props;
  const [width, height] = size;
  const { singularValues: s, name } = module;
  const across = linear([0, Math.max(1, s.length - 1)], [4, width - 4]);
  const up = linear([0, s[0] || 1], [height - 4, 5]);
  const points = s.map((value, at): Point => [across(at), up(value)]);
  const text = `${name}: σ₁ ${numberText(module.spectral)}, effective rank ${numberText(module.effectiveRank)} of ${module.rank}`;
  return (
    <g
      role="gridcell"
      aria-label={text}
      aria-selected={selected}
      data-index={index}
      tabIndex={focusable ? 0 : -1}
      transform={`translate(${place.join(" ")})`}
      onPointerEnter={() => onPoint(index)}
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

import type { JSX } from "preact";
import { inverted, linear, type Span } from "../scales/linear.ts";

interface CutLineProps {
  /** How many directions are kept, 0 to `most`. */
  readonly cut: number;
  readonly most: number;
  readonly across: Span;
  readonly height: Span;
  readonly onCut: (cut: number) => void;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -8,
  PageUp: 8,
  Home: -Infinity,
  End: Infinity,
};

/** A line between what is kept and what is not: it is dragged, or moved with the arrow keys. */
export function CutLine({ cut, most, across, height, onCut }: CutLineProps): JSX.Element {
  const [top, bottom] = height;
  const span: Span = [1, Math.max(2, most)];
  const x = Math.min(across[1], Math.max(across[0], linear(span, across)(cut + 0.5)));
  const move = (event: JSX.TargetedPointerEvent<SVGGElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { left } = event.currentTarget.ownerSVGElement!.getBoundingClientRect();
    onCut(Math.min(most, Math.max(0, Math.round(inverted(span, across)(event.clientX - left) - 0.5))));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onCut(Math.min(most, Math.max(0, cut + step)));
  };
  return (
    <g
      role="slider"
      tabindex={0}
      aria-label="Directions kept"
      aria-valuemin={0}
      aria-valuemax={most}
      aria-valuenow={cut}
      class="cut"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={move}
      onKeyDown={onKeyDown}
    >
      <rect class="cut-grip" x={x - 14} y={top} width="28" height={bottom - top} />
      <line class="cut-line" x1={x} x2={x} y1={top} y2={bottom} />
      <circle class="ring cut-knob" cx={x} cy={top + 10} r="7" />
    </g>
  );
}

import "./slider.css";
import type { JSX } from "preact";
import { useId } from "preact/hooks";

interface SliderProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onInput: (value: number) => void;
}

/** A number to drag or to type. What is typed may lie outside what can be dragged. */
export function Slider({ label, hint, value, min, max, step, onInput }: SliderProps): JSX.Element {
  const id = useId();
  const read = ({ currentTarget }: JSX.TargetedInputEvent<HTMLInputElement>): void => {
    const number = currentTarget.valueAsNumber;
    if (Number.isFinite(number)) onInput(number);
  };
  return (
    <div class="slider">
      <label for={id}>
        {label}
        {hint !== undefined && <span class="quiet small"> {hint}</span>}
      </label>
      <input id={id} type="range" min={min} max={max} step={step} value={value} onInput={read} />
      <input type="number" aria-label={label} step="any" value={value} onInput={read} />
    </div>
  );
}

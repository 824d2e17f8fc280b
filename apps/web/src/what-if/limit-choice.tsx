import type { JSX } from "preact";
import { useId } from "preact/hooks";

interface LimitChoiceProps {
  readonly bySize: boolean;
  readonly onThreshold: () => void;
  readonly onSize: () => void;
}

/** Whether a recipe keeps what scores enough, or what fits. */
export function LimitChoice({ bySize, onThreshold, onSize }: LimitChoiceProps): JSX.Element {
  const name = useId();
  return (
    <fieldset class="limit">
      <legend class="hidden-text">How much is kept</legend>
      <label>
        <input type="radio" name={name} checked={!bySize} onChange={onThreshold} />
        scores from a threshold on
      </label>
      <label>
        <input type="radio" name={name} checked={bySize} onChange={onSize} />
        the best that fit a size
      </label>
    </fieldset>
  );
}

import type { JSX } from "preact";
import type { Settings } from "./settings.ts";

interface StoredChoiceProps {
  readonly dtype: Settings["dtype"];
  readonly onType: (dtype: Settings["dtype"]) => void;
}

/** In which type the factors are written. */
export function StoredChoice({ dtype, onType }: StoredChoiceProps): JSX.Element {
  return (
    <label class="stored">
      Store as
      <select
        value={dtype}
        onChange={({ currentTarget }) => onType(currentTarget.value as Settings["dtype"])}
      >
        <option value="">as they are</option>
        <option>f16</option>
        <option>bf16</option>
        <option>f32</option>
      </select>
    </label>
  );
}

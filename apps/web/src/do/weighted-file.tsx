import type { JSX } from "preact";
import type { FileEntry } from "../store/app-state.ts";
import type { ChosenFile } from "./file-chooser.tsx";

interface WeightedFileProps {
  readonly adapter: FileEntry;
  readonly chosen: readonly ChosenFile[];
  readonly onChoose: (chosen: readonly ChosenFile[]) => void;
}

/** Whether an adapter takes part, and what its updates are multiplied with. */
export function WeightedFile({ adapter: { id, name }, chosen, onChoose }: WeightedFileProps): JSX.Element {
  const own = chosen.find((file) => file.id === id);
  const toggle = (): void =>
    onChoose(own === undefined ? [...chosen, { id, weight: 1 }] : chosen.filter((file) => file !== own));
  const weigh = (weight: number): void =>
    onChoose(
      chosen.map((file) => (file === own ? { id, weight: Number.isFinite(weight) ? weight : 0 } : file)),
    );
  return (
    <div class="weighted">
      <label>
        <input type="checkbox" checked={own !== undefined} onChange={toggle} /> {name}
      </label>
      <input
        type="number"
        step="0.05"
        aria-label={`Weight of ${name}`}
        disabled={own === undefined}
        value={own?.weight ?? 1}
        onChange={(event) => weigh(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}

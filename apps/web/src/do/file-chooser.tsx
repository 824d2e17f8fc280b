import type { JSX } from "preact";
import type { Action } from "../actions/_action.ts";
import type { FileEntry } from "../store/app-state.ts";
import { WeightedFile } from "./weighted-file.tsx";

/** An adapter that takes part. */
export interface ChosenFile {
  readonly id: string;
  readonly weight: number;
}

interface FileChooserProps {
  readonly action: Action;
  readonly adapters: readonly FileEntry[];
  readonly chosen: readonly ChosenFile[];
  readonly onChoose: (chosen: readonly ChosenFile[]) => void;
}

/** What an action begins with: the adapter that is shown first, and as many others as it must have. */
export function firstChoice(
  { files }: Action,
  adapters: readonly FileEntry[],
  shown: string | undefined,
): readonly ChosenFile[] {
  const inOrder = [...adapters].sort((a, b) => Number(b.id === shown) - Number(a.id === shown));
  return inOrder.slice(0, files.least).map(({ id }) => ({ id, weight: 1 }));
}

/** Which of the open adapters take part: a list with weights, or one choice a place. */
export function FileChooser({ action, adapters, chosen, onChoose }: FileChooserProps): JSX.Element {
  if (action.files.weights) {
    return (
      <fieldset class="weights">
        <legend>Adapters and their weights</legend>
        {adapters.map((adapter) => (
          <WeightedFile key={adapter.id} adapter={adapter} chosen={chosen} onChoose={onChoose} />
        ))}
      </fieldset>
    );
  }
  const places = action.files.least === 1 ? ["File"] : ["First file", "Second file"];
  return (
    <>
      {places.map((label, place) => (
        <div class="field" key={label}>
          <label for={`file-${place}`}>{label}</label>
          <select
            id={`file-${place}`}
            value={chosen[place]?.id}
            onChange={({ currentTarget: { value: id } }) => {
              onChoose(places.map((_, other) => (other === place ? { id, weight: 1 } : chosen[other]!)));
            }}
          >
            {adapters.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
      ))}
    </>
  );
}

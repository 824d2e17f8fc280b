import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Action, Pictures, Values } from "../actions/_action.ts";
import { useApp, useAppState } from "../app/use-app.ts";
import type { FileEntry } from "../store/app-state.ts";
import { type ChosenFile, FileChooser, firstChoice } from "./file-chooser.tsx";
import { FormField } from "./form-field.tsx";
import { initialValues } from "./initial-values.ts";

interface ActionFormProps {
  readonly action: Action;
  readonly adapters: readonly FileEntry[];
  /** From the address. */
  readonly given: Values;
}

/** The settings of an action; they are in the address, so that a link brings them back. */
export function ActionForm({ action, adapters, given }: ActionFormProps): JSX.Element {
  const app = useApp();
  const shown = useAppState((state) => state.shown);
  const base = useAppState((state) => state.files.find(({ id }) => id === state.base));
  const [chosen, setChosen] = useState<readonly ChosenFile[]>(() => firstChoice(action, adapters, shown));
  const [pictures, setPictures] = useState<Pictures>({});
  const values = initialValues(action, given);
  const present = chosen.filter(({ id }) => adapters.some((adapter) => adapter.id === id));
  const ready = present.length >= action.files.least && (action.base !== "required" || base !== undefined);
  const change = (name: string, value: Values[string]): void => {
    app.adjust({ view: "do", action: action.id, values: { ...values, [name]: value } });
  };
  const choosePicture = (name: string, picture: Blob | undefined): void => {
    const { [name]: _, ...others } = pictures;
    setPictures(picture === undefined ? others : { ...others, [name]: picture });
  };
  const run = (target: FileSystemFileHandle | undefined): void => {
    const withBase = action.base === "none" ? undefined : base?.id;
    app.act({ action: action.id, files: present, base: withBase, values, pictures, target });
  };
  return (
    <form
      class="action"
      onSubmit={(event) => {
        event.preventDefault();
        run(undefined);
      }}
    >
      <FileChooser action={action} adapters={adapters} chosen={chosen} onChoose={setChosen} />
      {action.base !== "none" && (
        <p class="small quiet">Base: {base?.name ?? "none; drop a model to have one beside it"}</p>
      )}
      {action.fields.map(
        (field) =>
          (field.when?.(values) ?? true) && (
            <FormField
              key={field.name}
              field={field}
              value={values[field.name]!}
              picture={pictures[field.name]}
              onChange={change}
              onPicture={choosePicture}
            />
          ),
      )}
      <FormButtons ready={ready} name={`${action.id}.safetensors`} writes={action.writes} onRun={run} />
    </form>
  );
}

interface FormButtonsProps {
  readonly ready: boolean;
  readonly name: string;
  /** Whether there is a file to be saved. */
  readonly writes: boolean;
  readonly onRun: (target: FileSystemFileHandle | undefined) => void;
}

function FormButtons({ ready, name, writes, onRun }: FormButtonsProps): JSX.Element {
  const pick = async (): Promise<void> => {
    // A user who closes the dialogue has decided against it.
    const target = await globalThis.showSaveFilePicker?.({ suggestedName: name }).catch(() => undefined);
    if (target !== undefined) onRun(target);
  };
  return (
    <div class="ways">
      <button type="submit" class="primary" disabled={!ready}>
        Run
      </button>
      {writes && "showSaveFilePicker" in globalThis && (
        <button type="button" disabled={!ready} onClick={() => void pick()}>
          Run and save to …
        </button>
      )}
    </div>
  );
}

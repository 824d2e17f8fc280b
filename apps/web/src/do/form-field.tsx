import type { JSX } from "preact";
import type { Values } from "../actions/_action.ts";
import type { Field } from "../actions/_field.ts";
import { PictureControl } from "./picture-control.tsx";

interface FormFieldProps {
  readonly field: Field;
  readonly value: Values[string];
  /** What is chosen for a field of that kind. */
  readonly picture: Blob | undefined;
  readonly onChange: (name: string, value: Values[string]) => void;
  readonly onPicture: (name: string, picture: Blob | undefined) => void;
}

/** One setting, with what it means below it. */
export function FormField({ field, value, picture, onChange, onPicture }: FormFieldProps): JSX.Element {
  const id = `field-${field.name}`;
  const hint = field.hint === undefined ? undefined : `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      {field.kind === "picture" ? (
        <PictureControl
          {...{ id, hint, picture, most: field.most }}
          onPicture={(chosen) => onPicture(field.name, chosen)}
        />
      ) : (
        <Control field={field} value={value} id={id} hint={hint} set={(next) => onChange(field.name, next)} />
      )}
      {hint !== undefined && (
        <p id={hint} class="quiet small">
          {field.hint}
        </p>
      )}
    </div>
  );
}

interface ControlProps {
  readonly field: Exclude<Field, { readonly kind: "picture" }>;
  readonly value: Values[string];
  readonly id: string;
  readonly hint: string | undefined;
  readonly set: (value: Values[string]) => void;
}

/** What is typed stays as it is typed: `0.` on the way to `0.5` is no mistake to be put right. */
function Control({ field, value, id, hint, set }: ControlProps): JSX.Element {
  const shared = { id, "aria-describedby": hint };
  switch (field.kind) {
    case "choice":
      return (
        <select {...shared} value={String(value)} onChange={(event) => set(event.currentTarget.value)}>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      );
    case "switch":
      return (
        <input
          {...shared}
          type="checkbox"
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      );
    case "number":
      return (
        <input
          {...shared}
          type="number"
          required
          min={field.min}
          max={field.max}
          step={field.step < 1 ? "any" : field.step}
          defaultValue={String(value)}
          onInput={({ currentTarget: { valueAsNumber: number } }) => {
            if (Number.isFinite(number)) set(number);
          }}
        />
      );
    case "text":
      return (
        <input
          {...shared}
          type="text"
          required
          defaultValue={String(value)}
          onInput={(event) => set(event.currentTarget.value)}
        />
      );
    case "lines":
      return (
        <textarea
          {...shared}
          rows={3}
          spellcheck={false}
          defaultValue={String(value)}
          onInput={(event) => set(event.currentTarget.value)}
        />
      );
  }
}

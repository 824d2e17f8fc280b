import type { Action, Values } from "../actions/_action.ts";
import type { Field } from "../actions/_field.ts";

/** Values of every field: those of the address where they are of its kind, else the initial ones. */
export function initialValues({ fields }: Pick<Action, "fields">, given: Values): Values {
  return Object.fromEntries(
    fields.map((field) => [field.name, fitting(field, given[field.name]) ?? field.initial]),
  );
}

function fitting(field: Field, value: Values[string] | undefined): Values[string] | undefined {
  if (value === undefined) return undefined;
  switch (field.kind) {
    case "number":
      return typeof value === "number" && value >= field.min && value <= field.max ? value : undefined;
    case "switch":
      return typeof value === "boolean" ? value : undefined;
    case "choice":
      return field.options.find((option) => option.value === String(value))?.value;
    case "text":
    case "lines":
      return String(value);
    case "picture":
      return undefined;
  }
}

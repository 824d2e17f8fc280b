import type { Field } from "./_field.ts";

/** In which type the factors are written. */
export const storedTypes: Field = {
  kind: "choice",
  name: "dtype",
  label: "Store as",
  initial: "",
  options: [
    { value: "", label: "as they are" },
    { value: "f16", label: "f16" },
    { value: "bf16", label: "bf16" },
    { value: "f32", label: "f32" },
  ],
};

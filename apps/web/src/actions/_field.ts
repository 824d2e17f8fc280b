import type { Values } from "./_action.ts";

/** One setting of an action, as its form shows it. */
export type Field = FieldBase & (NumberField | ChoiceField | TextField | SwitchField | PictureField);

interface FieldBase {
  readonly name: string;
  readonly label: string;
  /** What it means, in one sentence. */
  readonly hint?: string | undefined;
  /** Shown only where this holds. @default always */
  readonly when?: ((values: Values) => boolean) | undefined;
}

interface NumberField {
  readonly kind: "number";
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

interface ChoiceField {
  readonly kind: "choice";
  readonly initial: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

interface TextField {
  /** One line that must be there, or any number of lines that need not. */
  readonly kind: "text" | "lines";
  readonly initial: string;
}

interface SwitchField {
  readonly kind: "switch";
  readonly initial: boolean;
}

interface PictureField {
  /** An image of the disk. Its value says only whether one is chosen; the image is no setting. */
  readonly kind: "picture";
  readonly initial: "";
  /** It is scaled to fit a square of so many pixels. */
  readonly most: number;
}

import type { PickleValue } from "../pickle/values.ts";
import { isSequence } from "../pickle/values.ts";

/** Longer lists, and texts in lists, are named by their length: one text can be in a pickle many times. */
const MOST_LISTED = 64;
const MOST_LETTERS = 200;

/** A value in one line: plain values as JSON has them, but texts as they are; short lists in brackets. */
export function valueText(value: PickleValue): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  switch (value.kind) {
    case "list":
    case "tuple":
    case "set":
      if (value.items.length > MOST_LISTED) return `${value.kind} of ${value.items.length} values`;
      return `[${value.items.map(itemText).join(", ")}]`;
    case "element type":
      return `torch.${value.type.name}`;
    case "note":
      return value.text;
    case "global":
      return value.name;
    case "numpy type":
      return `${value.bigEndian ? ">" : "<"}${value.code}`;
    default:
      return value.kind;
  }
}

/** Inside of a list texts are quoted, and containers not opened: they may contain themselves. */
function itemText(value: PickleValue): string {
  if (typeof value === "string") return JSON.stringify(shortened(value));
  return isSequence(value) ? value.kind : valueText(value);
}

/** A text with its end left out where it is long. */
export function shortened(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
}

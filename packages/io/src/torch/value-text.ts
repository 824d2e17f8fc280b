import type { PickleValue } from "../pickle/values.ts";

/** A value in one line: plain values as JSON has them, but texts as they are; lists in brackets. */
export function valueText(value: PickleValue): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  switch (value.kind) {
    case "list":
    case "tuple":
    case "set":
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
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null && "items" in value ? value.kind : valueText(value);
}

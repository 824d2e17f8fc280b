import { LoraError } from "@lora/tensor";

/** JSON pointer of a number → how Python writes it. The value alone does not tell: 0 may be `0` or `0.0`. */
export type NumberSpellings = ReadonlyMap<string, string>;

export interface PythonJsonOptions {
  /** Fields of every object in the order of their names (`sort_keys=True`), or as they are. */
  readonly sorted: boolean;
  /** As read from the text that is written again. A number that has changed is not looked up. */
  readonly spellings?: NumberSpellings;
  /** Pointers of numbers that are floats in Python. */
  readonly floats?: ReadonlySet<string>;
}

interface Printing extends PythonJsonOptions {
  readonly indent: string;
  readonly pointer: string;
}

/**
 * JSON as Python's `json.dumps(value, indent=2)` writes it: ASCII only, floats with a point or an exponent.
 *
 * @throws LoraError NUMERIC for a number that is not finite
 */
export function pythonJson(value: unknown, options: PythonJsonOptions): string {
  return printed(value, { ...options, indent: "", pointer: "" });
}

/** Order of Python's strings: by code point. */
export function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at === -1) return left.length - right.length;
  return left[at]!.codePointAt(0)! - (right[at]?.codePointAt(0) ?? -1);
}

/** Where a field of the value at `pointer` is. */
export function pointerTo(pointer: string, field: string | number): string {
  return `${pointer}/${String(field).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** A float as Python's `repr` has it. */
export function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes(".") ? text : `${text}.0`;
}

function printed(value: unknown, printing: Printing): string {
  if (typeof value === "string") return asciiString(value);
  if (typeof value === "number") return printedNumber(value, printing);
  if (Array.isArray(value)) {
    return block(
      "[]",
      value.map((item, index) => printed(item, inside(printing, index))),
      printing.indent,
    );
  }
  if (typeof value === "object" && value !== null) return printedObject(value, printing);
  return JSON.stringify(value);
}

function printedObject(value: object, printing: Printing): string {
  const entries = Object.entries(value);
  if (printing.sorted) entries.sort(([a], [b]) => byCodePoint(a, b));
  const lines = entries.map(
    ([field, entry]) => `${asciiString(field)}: ${printed(entry, inside(printing, field))}`,
  );
  return block("{}", lines, printing.indent);
}

function inside(printing: Printing, field: string | number): Printing {
  return { ...printing, indent: `${printing.indent}  `, pointer: pointerTo(printing.pointer, field) };
}

function block([open, close]: string, lines: readonly string[], indent: string): string {
  if (lines.length === 0) return `${open}${close}`;
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(",\n")}\n${indent}${close}`;
}

function printedNumber(value: number, { pointer, spellings, floats }: Printing): string {
  const spelling = spellings?.get(pointer);
  if (spelling !== undefined && Object.is(Number(spelling), value)) return spelling;
  if (!Number.isFinite(value)) {
    throw new LoraError("NUMERIC", `JSON has no number ${value}`, { field: pointer, value });
  }
  if (Number.isInteger(value) && floats?.has(pointer) !== true) return BigInt(value).toString();
  return pythonFloat(value);
}

function asciiString(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

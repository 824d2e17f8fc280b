import { LoraError } from "@lora/tensor";
import type { Cursor } from "../parse/cursor.ts";
import type { Lengths } from "./read-header.ts";
import type { ValueType } from "./value-types.ts";
import { VALUE_BYTES, readValueType } from "./value-types.ts";

/** Longer arrays (vocabularies) are named by their length and type. */
const MOST_LISTED = 64;
/** No file has arrays of arrays of arrays. */
const MOST_LEVELS = 8;

/**
 * A metadata value as text: numbers with as many digits as tell them from their neighbours, arrays as JSON, long
 * ones by length and type (`151936 × string`).
 *
 * @throws LoraError FORMAT when it is broken, or arrays are nested too deeply
 */
export function readValueText(cursor: Cursor, type: ValueType, lengths: Lengths, level = 0): string {
  if (type === "array") return readArrayText(cursor, lengths, level);
  return type === "string" ? lengths.text(cursor) : numberText(cursor, type);
}

function readArrayText(cursor: Cursor, lengths: Lengths, level: number): string {
  const type = readValueType(cursor);
  const count = lengths.count(cursor);
  if (level === MOST_LEVELS) {
    throw new LoraError("FORMAT", `arrays of metadata are nested more than ${MOST_LEVELS} deep`);
  }
  if (count > MOST_LISTED && type !== "string" && type !== "array") {
    cursor.take(count * VALUE_BYTES[type]);
    return `${count} × ${type}`;
  }
  const texts: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const text = readValueText(cursor, type, lengths, level + 1);
    if (count <= MOST_LISTED) texts.push(type === "string" ? JSON.stringify(text) : text);
  }
  return count > MOST_LISTED ? `${count} × ${type}` : `[${texts.join(", ")}]`;
}

function numberText(cursor: Cursor, type: keyof typeof VALUE_BYTES): string {
  switch (type) {
    case "u64":
    case "i64":
      return cursor.big(type === "i64").toString();
    case "bool":
      return String(cursor.u8() !== 0);
    case "f32":
      return shortest(cursor.f32());
    default:
      return String(cursor[type]());
  }
}

/** The fewest digits that are read as the same f32: 0.1, not 0.10000000149011612. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits += 1) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number.isFinite(value) ? Number(value.toPrecision(9)) : value);
}

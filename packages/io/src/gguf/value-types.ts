import { LoraError } from "@lora/tensor";
import type { Cursor } from "../parse/cursor.ts";

/** The types of metadata values, in the order of their numbers. */
export const VALUE_TYPES = [
  "u8",
  "i8",
  "u16",
  "i16",
  "u32",
  "i32",
  "f32",
  "bool",
  "string",
  "array",
  "u64",
  "i64",
  "f64",
] as const;

export type ValueType = (typeof VALUE_TYPES)[number];

/** Bytes of the types that have a size of their own. */
export const VALUE_BYTES: Readonly<Record<Exclude<ValueType, "string" | "array">, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  bool: 1,
  u64: 8,
  i64: 8,
  f64: 8,
};

/** @throws LoraError FORMAT when there is no type of this number */
export function readValueType(cursor: Cursor): ValueType {
  const id = cursor.u32();
  const type = VALUE_TYPES[id];
  if (type !== undefined) return type;
  throw new LoraError("FORMAT", `there is no type ${id} of metadata`, { at: cursor.position - 4 });
}

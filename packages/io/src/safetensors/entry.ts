import type { DType, Shape } from "@lora/tensor";
import { LoraError, elementCount, shapeText } from "@lora/tensor";
import { isObject } from "../json-object.ts";
import { STORED_TYPES } from "./stored-types.ts";

/** One tensor as the header describes it; offsets count from the end of the header. */
export interface Entry {
  readonly name: string;
  readonly dtype: DType;
  /** The name of the type in the file. */
  readonly stored: string;
  readonly shape: Shape;
  readonly from: number;
  readonly to: number;
}

/**
 * Checks one entry of the header. Fields that the format does not know are ignored, as the reference
 * implementation does.
 *
 * @throws LoraError FORMAT when a field is missing or wrong, or the span is not that of shape and type
 */
export function parseEntry(name: string, value: unknown): Entry {
  if (!isObject(value)) throw wrong(name, "is not an object");
  const { dtype: stored, shape, data_offsets: offsets } = value;
  if (typeof stored !== "string") throw wrong(name, "has no dtype");
  if (!isSizes(shape))
    throw wrong(name, `has the shape ${JSON.stringify(shape)}: it takes sizes of at least 0`);
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw wrong(name, `has the data_offsets ${JSON.stringify(offsets)}: it takes a start and an end`);
  }
  const [from = 0, to = 0] = offsets;
  if (from > to) throw wrong(name, `ends at byte ${to} of the data, before its start at ${from}`);
  const type = STORED_TYPES.get(stored);
  const entry = { name, dtype: type?.dtype ?? "opaque", stored, shape, from, to };
  if (type !== undefined) checkSpan(entry, type.bits);
  return entry;
}

function checkSpan({ name, stored, shape, from, to }: Entry, bits: number): void {
  const bytes = (elementCount(shape) * bits) / 8;
  if (bytes === to - from) return;
  throw new LoraError(
    "FORMAT",
    `${shapeText(shape)} of ${stored} takes ${bytes} bytes, and the entry spans ${to - from}`,
    {
      tensor: name,
      shape,
      span: to - from,
    },
  );
}

/** Whole numbers from 0 to 2⁵³ − 1: below that every byte of a file has an exact offset. */
function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function wrong(name: string, rule: string): LoraError {
  return new LoraError("FORMAT", `the entry ${rule}`, { tensor: name });
}

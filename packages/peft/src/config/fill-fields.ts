import { LoraError } from "@lora/tensor";
import type { FieldType } from "./field-type.ts";
import { isObject } from "./field-type.ts";
import type { JsonObject } from "./json-text.ts";
import type { FieldTypes } from "./lora-fields.ts";

/** Where fields come from, for messages. */
export interface FieldSource {
  /** Of the errors: a caller's mistake, or a file's. */
  readonly code: "USAGE" | "FORMAT";
  readonly where?: string;
}

/** A group of fields: what they may be, what they are where they are left out, what precedes their names. */
export interface FieldGroup<T> {
  readonly types: FieldTypes<T>;
  readonly defaults: Partial<T>;
  readonly path: string;
}

/** All fields of a group with what was not among them. */
export interface FilledFields<T> {
  readonly value: T;
  readonly unknown: JsonObject;
  readonly warnings: readonly string[];
}

/**
 * Checks fields against their types and fills in the defaults.
 *
 * @throws LoraError with the source's code when a field has the wrong type
 */
export function fillFields<T>(
  fields: JsonObject,
  group: FieldGroup<T>,
  source: FieldSource,
): FilledFields<T> {
  const warnings: string[] = [];
  const known = Object.entries<FieldType>(group.types).map(([field, type]) => {
    const fallback = group.defaults[field as keyof T];
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (value === undefined) return [field, fallback];
    if (value === null && !type.nullable) {
      warnings.push(`${group.path}${field} is null, which it cannot be: PEFT's default is taken`);
      return [field, fallback];
    }
    if (value !== null) demand(`${group.path}${field}`, { value, type }, source);
    return [field, value];
  });
  const unknown = Object.entries(fields).filter(([field]) => !Object.hasOwn(group.types, field));
  warnings.push(
    ...unknown.map(([field]) => `${group.path}${field} is no field of PEFT 0.21: it is kept as it is`),
  );
  return { value: Object.fromEntries(known) as T, unknown: Object.fromEntries(unknown), warnings };
}

function demand(path: string, found: { value: unknown; type: FieldType }, source: FieldSource): void {
  const { value, type } = found;
  if (!type.fits(value)) throw wrongType(path, found, source);
  const { entries } = type;
  if (entries === undefined || !isObject(value)) return;
  for (const [field, entry] of Object.entries(value)) {
    if (!entries.fits(entry)) throw wrongType(`${path}.${field}`, { value: entry, type: entries }, source);
  }
}

function wrongType(
  path: string,
  { value, type }: { value: unknown; type: FieldType },
  source: FieldSource,
): LoraError {
  const nullable = type.nullable ? " or null" : "";
  return new LoraError(
    source.code,
    `${path} must be ${type.rule}${nullable}, and is ${JSON.stringify(value)}`,
    {
      field: path,
      value,
      sidecar: source.where,
      advice: `correct ${path}`,
    },
  );
}

import { LoraError } from "@lora/tensor";
import { byCodePoint } from "./python-json.ts";

/** A JSON object as parsed. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses a JSON object out of a side file or a metadata value.
 *
 * @throws LoraError FORMAT when it is not JSON, or not an object
 */
export function parseObject(text: string, where: string): JsonObject {
  const value = parse(text, where);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new LoraError("FORMAT", `${where} must hold one JSON object`, { sidecar: where });
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new LoraError("FORMAT", `${where} is not JSON`, { sidecar: where, cause });
  }
}

/**
 * The object with some fields set. Fields keep their order; a new field goes to its place in the alphabet where
 * the fields were sorted, as PEFT writes them, and to the end where they were not.
 */
export function withFields(object: JsonObject, fields: JsonObject): JsonObject {
  const names = Object.keys(object);
  const sorted = names.every((name, index) => index === 0 || byCodePoint(names[index - 1]!, name) <= 0);
  const all = [...new Set([...names, ...Object.keys(fields)])];
  if (sorted) all.sort(byCodePoint);
  return Object.fromEntries(
    all.map((name) => [name, Object.hasOwn(fields, name) ? fields[name] : object[name]]),
  );
}

/** Fields in the order of Python's `sort_keys`. */
export function sortedObject<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => byCodePoint(a, b)));
}

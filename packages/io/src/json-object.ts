import { LoraError } from "@lora/tensor";
import { duplicateKey } from "./duplicate-key.ts";

/** A JSON object whose fields nobody has checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The object that a JSON text holds.
 *
 * @param what names the text in messages, e.g. `the header`
 * @throws LoraError FORMAT when the text is not JSON, not an object, or holds a key twice
 */
export function parseJsonObject(text: string, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LoraError("FORMAT", `${what} is not JSON: ${reason}`, { cause: error });
  }
  if (!isObject(value)) throw new LoraError("FORMAT", `${what} is JSON, but not an object`);
  const twice = duplicateKey(text);
  if (twice !== undefined)
    throw new LoraError("FORMAT", `${what} holds the key "${twice}" twice`, { key: twice });
  return value;
}

/** Whether a JSON value is an object, not a list and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

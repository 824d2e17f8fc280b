import { LoraError } from "@lora/tensor";
import type { PickleValue } from "../pickle/values.ts";
import { isKind, kindOf } from "../pickle/values.ts";
import { sequence, wholeNumber } from "./arguments.ts";
import type { ElementType } from "./element-types.ts";

/** What a pickle says of a storage outside of it. */
export interface StorageId {
  readonly type: ElementType | undefined;
  readonly key: string;
  readonly bytes: number;
  /** Of one element, or 1. */
  readonly itemBytes: number;
  /** Of the legacy format: a part of the storage, in elements. */
  readonly view: { readonly offset: number; readonly count: number } | undefined;
}

/**
 * Reads `("storage", class, key, location, elements[, view])`.
 *
 * @throws LoraError UNSUPPORTED for a whole pickled module; FORMAT for anything else
 */
export function parseStorageId(id: PickleValue): StorageId {
  const { items } = sequence(id, "the name of a storage");
  if (items[0] === "module") {
    throw new LoraError(
      "UNSUPPORTED",
      "the file holds a whole module with its code, not a state dictionary",
      {
        advice: "load it where it was made, and save model.state_dict()",
      },
    );
  }
  const [, storage, key] = items;
  const known = isKind(storage, "global") ? storage.storage : undefined;
  if (items[0] !== "storage" || known === undefined || typeof key !== "string") {
    throw new LoraError("FORMAT", `a storage is named by ${items.map(kindOf).join(", ")}`);
  }
  const type = known === "untyped" ? undefined : known;
  const itemBytes = type?.bytes ?? 1;
  const bytes = wholeNumber(items[4], "the length of a storage") * itemBytes;
  return { type, key, bytes, itemBytes, view: viewOf(items[5]) };
}

function viewOf(value: PickleValue | undefined): StorageId["view"] {
  if (value === undefined || value === null) return undefined;
  const { items } = sequence(value, "the view of a storage");
  return {
    offset: wholeNumber(items[1], "the offset of a view"),
    count: wholeNumber(items[2], "the length of a view"),
  };
}

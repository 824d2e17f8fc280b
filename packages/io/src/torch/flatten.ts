import { LoraError } from "@lora/tensor";
import type { Budget } from "../memory-budget.ts";
import { spend } from "../memory-budget.ts";
import type { PickleDict, PickleSequence, PickleTensor, PickleValue } from "../pickle/values.ts";
import { isKind, isSequence } from "../pickle/values.ts";
import { shortened, valueText } from "./value-text.ts";

/** The tensors of a checkpoint by their dotted names, and everything else as text. */
export interface Flattened {
  readonly tensors: Map<string, PickleTensor>;
  readonly metadata: Map<string, string>;
}

/** Deeper nesting than any checkpoint has; also ends what contains itself. */
const MOST_LEVELS = 64;
/** What a name and its place cost, besides its letters. */
const ENTRY_BYTES = 160;
/** What a tensor costs with what it is read by. */
const TENSOR_BYTES = 1024;

/**
 * Walks through nested containers: keys and positions are joined by dots. Lists of plain values become one text.
 *
 * @param root what the names begin with; empty for none
 * @throws LoraError FORMAT when two tensors get one name, the nesting is too deep, or the same containers are
 *   contained so often that their names exceed the budget
 */
export function flatten(value: PickleValue, root: string, budget: Budget): Flattened {
  const flattened: Flattened = { tensors: new Map(), metadata: new Map() };
  walk(value, { name: root, level: 0 }, { ...flattened, budget });
  return flattened;
}

interface Place {
  readonly name: string;
  readonly level: number;
}

interface Walk extends Flattened {
  readonly budget: Budget;
}

function walk(value: PickleValue, place: Place, into: Walk): void {
  // The items are looked through, each time that a pickle has the same list again.
  into.budget.left -= ENTRY_BYTES + place.name.length + (isSequence(value) ? value.items.length : 0);
  if (place.level > MOST_LEVELS || into.budget.left < 0) {
    throw new LoraError(
      "FORMAT",
      `the pickle is nested too deeply or too often at ${shortened(place.name)}`,
      {
        level: place.level,
      },
    );
  }
  if (isKind(value, "tensor")) addTensor(place.name, value, into);
  else if (isKind(value, "dict")) walkDict(value, place, into);
  else if (isSequence(value) && !value.items.every(isPlain)) walkItems(value, place, into);
  else into.metadata.set(place.name, valueText(value));
}

function walkDict({ entries }: PickleDict, place: Place, into: Walk): void {
  for (const [key, value] of entries) walk(value, below(place, valueText(key)), into);
}

function walkItems({ items }: PickleSequence, place: Place, into: Walk): void {
  for (const [index, value] of items.entries()) walk(value, below(place, `${index}`), into);
}

function below({ name, level }: Place, part: string): Place {
  return { name: name === "" ? part : `${name}.${part}`, level: level + 1 };
}

function addTensor(name: string, tensor: PickleTensor, { tensors, budget }: Walk): void {
  spend(budget, TENSOR_BYTES, "the tensors of the pickle");
  if (tensors.has(name)) throw new LoraError("FORMAT", `two tensors are called ${name}`, { tensor: name });
  tensors.set(name, tensor);
}

/** Whether a value has no values inside. */
function isPlain(value: PickleValue): boolean {
  return !isSequence(value) && !isKind(value, "dict") && !isKind(value, "tensor");
}

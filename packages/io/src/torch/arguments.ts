import { LoraError } from "@lora/tensor";
import type { PickleSequence, PickleValue } from "../pickle/values.ts";
import { isKind, isSequence, kindOf } from "../pickle/values.ts";

/** A size, an offset or a count. */
export function wholeNumber(value: PickleValue | undefined, what: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  const given = typeof value === "number" || typeof value === "bigint" ? value : kindOf(value);
  throw new LoraError("FORMAT", `${what} is ${given}: it takes a whole number from 0 on`);
}

/** More axes than PyTorch itself takes. */
const MOST_AXES = 64;

/** Sizes or strides. */
export function wholeNumbers(value: PickleValue | undefined, what: string): number[] {
  const { items } = sequence(value, what);
  if (items.length <= MOST_AXES) return items.map((item) => wholeNumber(item, `a value of ${what}`));
  throw new LoraError("FORMAT", `${what} has ${items.length} axes, and a tensor at most ${MOST_AXES}`);
}

/** A list or tuple. */
export function sequence(value: PickleValue | undefined, what: string): PickleSequence {
  if (isSequence(value)) return value;
  throw new LoraError("FORMAT", `${what} is ${kindOf(value)}: it takes a tuple`);
}

/** A value of a kind of ours. */
export function ofKind<K extends "storage" | "tensor" | "element type" | "numpy type" | "dict">(
  value: PickleValue | undefined,
  kind: K,
): Extract<PickleValue, { readonly kind: K }> {
  if (isKind(value, kind)) return value;
  throw new LoraError("FORMAT", `the pickle gives ${kindOf(value)} where a ${kind} belongs`);
}

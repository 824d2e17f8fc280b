import type { ByteSource } from "../sources/byte-source.ts";
import type { ElementType } from "../torch/element-types.ts";

/** What a pickle can hold here: plain data, and tensors that still lie in the file. */
export type PickleValue =
  | PlainValue
  | PickleSequence
  | PickleDict
  | PickleGlobal
  | PickleElementType
  | PickleNumpyType
  | PickleNote
  | PickleStorage
  | PickleTensor;

/** The kinds of values that are objects of ours. */
export type PickleKind = Exclude<PickleValue, PlainValue>["kind"];

type PlainValue = null | boolean | number | bigint | string | Uint8Array;

export interface PickleSequence {
  readonly kind: "list" | "tuple" | "set";
  readonly items: PickleValue[];
}

/** A mapping in its order, attributes aside. Keys that are containers are the same only if they are one object. */
export interface PickleDict {
  readonly kind: "dict";
  readonly entries: Map<PickleValue, PickleValue>;
}

/** Something that Python would import: known here by its name, and made by a function of ours. */
export interface PickleGlobal {
  readonly kind: "global";
  readonly name: string;
  readonly call: (args: readonly PickleValue[]) => PickleValue;
  /** The class of a storage: of elements of this type, or of bytes. */
  readonly storage?: ElementType | "untyped" | undefined;
}

/** `torch.float32` and the like. */
export interface PickleElementType {
  readonly kind: "element type";
  readonly type: ElementType;
}

/** A NumPy dtype; which byte comes first is set after it is made. */
export interface PickleNumpyType {
  readonly kind: "numpy type";
  readonly code: string;
  bigEndian: boolean;
}

/** Something that has nothing but a text, e.g. a device. */
export interface PickleNote {
  readonly kind: "note";
  readonly text: string;
}

/** Elements in the file that tensors are views of. */
export interface PickleStorage {
  readonly kind: "storage";
  /** Undefined where only tensors know it. */
  readonly type: ElementType | undefined;
  readonly bytes: ByteSource;
  readonly bigEndian: boolean;
}

/** A view of a storage. */
export interface PickleTensor {
  readonly kind: "tensor";
  readonly storage: PickleStorage;
  readonly type: ElementType;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** The values of one kind. */
type OfKind<K> = Extract<PickleValue, { readonly kind: K }>;

/** Whether a value is of a kind. */
export function isKind<K extends Exclude<PickleKind, PickleSequence["kind"]>>(
  value: PickleValue | undefined,
  kind: K,
): value is OfKind<K> {
  return kindOf(value) === kind;
}

/** Whether a value is a list, a tuple or a set. */
export function isSequence(value: PickleValue | undefined): value is PickleSequence {
  return typeof value === "object" && value !== null && "items" in value;
}

/** What a value is called in messages. */
export function kindOf(value: PickleValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "None";
  if (value instanceof Uint8Array) return "bytes";
  if (typeof value !== "object") return typeof value;
  return value.kind;
}

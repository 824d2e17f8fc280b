import { LoraError } from "@lora/tensor";
import type { Budget } from "../memory-budget.ts";
import { spend } from "../memory-budget.ts";
import type { Cursor } from "../parse/cursor.ts";
import type { PickleDict, PickleSequence, PickleValue } from "./values.ts";
import { isKind, isSequence, kindOf } from "./values.ts";

/** What a pickle may reach outside itself. */
export interface PickleWorld {
  /** Stands for what Python would import. */
  findGlobal(module: string, name: string): PickleValue;
  /** Stands for what is stored elsewhere in the file. */
  loadPersistent(id: PickleValue): PickleValue;
  /** How much memory the values of this pickle may take, together with those of others; see `memoryBudget`. */
  readonly budget: Budget;
}

/** What containers, the slots they have and places in the memo take in memory, as current engines lay them out. */
const SLOT_BYTES = 16;
const CONTAINER_BYTES = 96;
const DICT_BYTES = 256;
/** The first item makes room for 17. */
const FIRST_ITEM_BYTES = 144;
const PAIR_BYTES = 80;
const MEMO_BYTES = 96;

/** The stack machine that a pickle is a program for: values, marks between them, and a memo to fetch them from. */
export class Machine {
  readonly cursor: Cursor;
  readonly world: PickleWorld;
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(cursor: Cursor, world: PickleWorld) {
    this.cursor = cursor;
    this.world = world;
  }

  push(value: PickleValue): void {
    this.spend(SLOT_BYTES);
    this.#stack.push(value);
  }

  pushSequence(kind: PickleSequence["kind"], items: PickleValue[]): void {
    this.spend(CONTAINER_BYTES + items.length * SLOT_BYTES);
    this.push({ kind, items });
  }

  pushDict(): PickleDict {
    this.spend(DICT_BYTES);
    const dict: PickleDict = { kind: "dict", entries: new Map() };
    this.push(dict);
    return dict;
  }

  pop(): PickleValue {
    const value = this.peek();
    this.#stack.pop();
    this.world.budget.left += SLOT_BYTES;
    return value;
  }

  /** The topmost value above the last mark. */
  peek(): PickleValue {
    const value = this.#stack.at(-1);
    if (value !== undefined && this.#stack.length > (this.#marks.at(-1) ?? 0)) return value;
    throw new LoraError("FORMAT", "the pickle takes a value where there is none", {
      at: this.cursor.position,
    });
  }

  mark(): void {
    this.spend(SLOT_BYTES);
    this.#marks.push(this.#stack.length);
  }

  /** All values above the last mark, which is gone afterwards. */
  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark !== undefined) {
      this.world.budget.left += (this.#stack.length - mark + 1) * SLOT_BYTES;
      return this.#stack.splice(mark);
    }
    throw new LoraError("FORMAT", "the pickle goes back to a mark that it never set", {
      at: this.cursor.position,
    });
  }

  /** Keeps the topmost value under a number; left out: the next one. */
  memoize(key: number = this.#memo.size): void {
    this.spend(MEMO_BYTES);
    this.#memo.set(key, this.peek());
  }

  recall(key: number): PickleValue {
    const value = this.#memo.get(key);
    if (value !== undefined) return value;
    throw new LoraError("FORMAT", `the pickle recalls value ${key}, which it never kept`, {
      at: this.cursor.position,
    });
  }

  /** Adds to a sequence. */
  grow(items: PickleValue[], added: readonly PickleValue[]): void {
    this.spend(added.length * SLOT_BYTES + (items.length === 0 ? FIRST_ITEM_BYTES : 0));
    for (const item of added) items.push(item);
  }

  /** Adds to a dictionary: keys and values in turn. */
  fill(dict: PickleDict, pairs: readonly PickleValue[]): void {
    if (pairs.length % 2 !== 0) throw new LoraError("FORMAT", "the pickle gives a key without a value");
    this.spend((pairs.length / 2) * PAIR_BYTES);
    for (let i = 0; i < pairs.length; i += 2) dict.entries.set(pairs[i]!, pairs[i + 1]!);
  }

  /** The topmost value, which has to be a sequence of a kind. */
  peekSequence(kind: PickleSequence["kind"]): PickleSequence {
    const value = this.peek();
    if (isSequence(value) && value.kind === kind) return value;
    throw this.#notA(kind);
  }

  /** The topmost value, which has to be a dictionary. */
  peekDict(): PickleDict {
    const value = this.peek();
    if (isKind(value, "dict")) return value;
    throw this.#notA("dict");
  }

  spend(bytes: number): void {
    spend(this.world.budget, bytes, "the values of the pickle");
  }

  #notA(kind: string): LoraError {
    return new LoraError("FORMAT", `the pickle adds to a ${kindOf(this.peek())} as if it were a ${kind}`, {
      at: this.cursor.position,
    });
  }
}

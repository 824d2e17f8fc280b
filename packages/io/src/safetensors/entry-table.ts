import { keyTwice } from "../duplicate-key.ts";
import type { MemberPlace } from "../json-members.ts";
import { stringAt } from "../json-members.ts";
import type { Entry } from "./entry.ts";

/** Of the shortest entry, `"":{"dtype":"","shape":[],"data_offsets":[0,0]},`. */
const LEAST_LETTERS = 48;
/** Up to so many entries are kept as objects, which take some 10 MB; more are read again from the text when asked for. */
const MOST_KEPT = 2 ** 14;

/** How an entry is made of its place in the header's text. */
export type EntryReader = (place: MemberPlace, name: string) => Entry;

/** The entries of a header: however many and short they are, no more than the text of the header and as much again. */
export class EntryTable {
  readonly #text: string;
  readonly #what: string;
  readonly #read: EntryReader;
  readonly #keyAt: Uint32Array;
  readonly #from: Uint32Array;
  readonly #to: Uint32Array;
  readonly #begin: Float64Array;
  readonly #end: Float64Array;
  #kept: Entry[] | undefined = [];
  readonly #keptNames = new Set<string>();
  #byName = new Uint32Array();
  count = 0;

  /** @param what names the text in messages */
  constructor(text: string, what: string, read: EntryReader) {
    const most = Math.ceil(text.length / LEAST_LETTERS) + 1;
    this.#text = text;
    this.#what = what;
    this.#read = read;
    this.#keyAt = new Uint32Array(most);
    this.#from = new Uint32Array(most);
    this.#to = new Uint32Array(most);
    this.#begin = new Float64Array(most);
    this.#end = new Float64Array(most);
  }

  /** Whether there are so few that objects for all of them may be kept. */
  get isShort(): boolean {
    return this.#kept !== undefined;
  }

  /** @throws LoraError FORMAT as the reader does, or when there is one of this name */
  add(place: MemberPlace, name: string): void {
    const entry = this.#read(place, name);
    const index = this.count;
    this.#keyAt[index] = place.keyAt;
    this.#from[index] = place.from;
    this.#to[index] = place.to;
    this.#begin[index] = entry.from;
    this.#end[index] = entry.to;
    this.count += 1;
    if (this.#kept === undefined) return;
    if (this.#keptNames.has(name)) throw keyTwice(this.#what, name);
    this.#keptNames.add(name);
    this.#kept.push(entry);
    if (this.#kept.length < MOST_KEPT) return;
    this.#kept = undefined;
    this.#keptNames.clear();
  }

  /** To be called after the last is added. @throws LoraError FORMAT when two have one name */
  finish(): void {
    if (this.isShort) return;
    // Sorted, not hashed: no choice of names makes it slow.
    this.#byName = this.#sorted((a, b) => compare(this.name(a), this.name(b)));
    for (let i = 1; i < this.count; i += 1) {
      const name = this.name(this.#byName[i]!);
      if (name === this.name(this.#byName[i - 1]!)) throw keyTwice(this.#what, name);
    }
  }

  name(index: number): string {
    return this.#kept?.[index]?.name ?? stringAt(this.#text, this.#what, this.#keyAt[index]!);
  }

  /** Where its bytes begin and end in the data. */
  span(index: number): readonly [from: number, to: number] {
    return [this.#begin[index]!, this.#end[index]!];
  }

  entry(index: number): Entry {
    const kept = this.#kept?.[index];
    if (kept !== undefined) return kept;
    const place = { keyAt: this.#keyAt[index]!, from: this.#from[index]!, to: this.#to[index]! };
    return this.#read(place, this.name(index));
  }

  /** The number of the entry of this name; only where the table is not short. */
  find(name: string): number | undefined {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.name(this.#byName[middle]!), name) < 0) low = middle + 1;
      else high = middle;
    }
    const index = this.#byName[low];
    return index !== undefined && this.name(index) === name ? index : undefined;
  }

  /** The numbers of the entries by their place in the data. */
  inOrderOfData(): Uint32Array {
    const [begin, end] = [this.#begin, this.#end];
    return this.#sorted((a, b) => begin[a]! - begin[b]! || end[a]! - end[b]! || a - b);
  }

  #sorted(order: (a: number, b: number) => number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.count).map((_, index) => index).sort(order);
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

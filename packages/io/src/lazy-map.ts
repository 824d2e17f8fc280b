/** Values that are numbered, and found by their keys, without an object for each of them. */
export interface Numbered<V> {
  readonly size: number;
  key(index: number): string;
  value(index: number): V;
  get(key: string): V | undefined;
}

/** A map that makes its values when they are asked for, each time anew, and keeps none. */
export class LazyMap<V> implements ReadonlyMap<string, V> {
  readonly #source: Numbered<V>;

  constructor(source: Numbered<V>) {
    this.#source = source;
  }

  get size(): number {
    return this.#source.size;
  }

  has(key: string): boolean {
    return this.#source.get(key) !== undefined;
  }

  get(key: string): V | undefined {
    return this.#source.get(key);
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  *keys(): MapIterator<string> {
    for (let index = 0; index < this.size; index += 1) yield this.#source.key(index);
  }

  *values(): MapIterator<V> {
    for (let index = 0; index < this.size; index += 1) yield this.#source.value(index);
  }

  *entries(): MapIterator<[string, V]> {
    for (let index = 0; index < this.size; index += 1) {
      yield [this.#source.key(index), this.#source.value(index)];
    }
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }
}
